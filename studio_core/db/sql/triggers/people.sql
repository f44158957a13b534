-- Whoever changes people waits for the one before; nobody removes the last owner; logins follow.
CREATE OR REPLACE TRIGGER hold_owners BEFORE UPDATE OR DELETE ON public.users
    FOR EACH STATEMENT EXECUTE FUNCTION studio.hold_owners();
CREATE OR REPLACE TRIGGER keep_an_owner_update AFTER UPDATE ON public.users
    FOR EACH ROW WHEN (OLD.access = 'owner' AND OLD.active
                       AND (NEW.access IS DISTINCT FROM 'owner' OR NOT NEW.active))
    EXECUTE FUNCTION studio.keep_an_owner();
CREATE OR REPLACE TRIGGER keep_an_owner_delete AFTER DELETE ON public.users
    FOR EACH ROW WHEN (OLD.access = 'owner' AND OLD.active)
    EXECUTE FUNCTION studio.keep_an_owner();
CREATE OR REPLACE TRIGGER logins_follow AFTER UPDATE ON public.users
    FOR EACH ROW WHEN ((OLD.email, OLD.access, OLD.active)
                       IS DISTINCT FROM (NEW.email, NEW.access, NEW.active))
    EXECUTE FUNCTION studio.logins_follow();
