-- The name of the login role that signs in with an e-mail and a password. It carries the
-- database's name, since roles belong to the cluster, and a digest, since every role may read the
-- names of all others. studio_core/people/logins.py computes the same before there is a connection.
CREATE OR REPLACE FUNCTION studio.login_role(email text) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT left(current_database(), 30) || '.' || left(encode(sha256(convert_to(
        current_database() || chr(10) || lower(btrim(email)), 'UTF8')), 'hex'), 24)
$$;

-- The same for a person who signs in with Google on one device: each device has a role and a
-- password of its own, so that none of them breaks another.
CREATE OR REPLACE FUNCTION studio.google_role(p_user_id bigint, p_device uuid) RETURNS text
LANGUAGE sql STABLE SET search_path = pg_catalog, pg_temp
AS $$
    SELECT left(current_database(), 30) || '.g' || left(encode(sha256(convert_to(
        current_database() || chr(10) || p_user_id || chr(10) || p_device, 'UTF8')), 'hex'), 24)
$$;
