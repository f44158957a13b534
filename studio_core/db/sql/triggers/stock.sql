-- The balance follows the movements, which are written once.
CREATE OR REPLACE TRIGGER keep_balance AFTER INSERT ON public.stock_movements
    FOR EACH ROW EXECUTE FUNCTION studio.keep_balance();
CREATE OR REPLACE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON public.stock_movements
    FOR EACH ROW EXECUTE FUNCTION studio.refuse_change();
