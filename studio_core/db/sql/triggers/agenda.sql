-- Before the row is written, so that this refusal, which names names, comes ahead of the exclusion
-- constraints'.
CREATE OR REPLACE TRIGGER refuse_collision
    BEFORE INSERT OR UPDATE OF artist_id, chair, starts_at, ends_at, status, overlap_allowed
    ON public.sessions FOR EACH ROW
    WHEN (NOT NEW.overlap_allowed AND NEW.status NOT IN ('cancelled', 'no_show'))
    EXECUTE FUNCTION studio.refuse_collision();
