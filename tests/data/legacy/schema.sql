-- The tables of the legacy system, as its programs made them.
CREATE TABLE users (
    id serial PRIMARY KEY, email varchar(100) UNIQUE, name varchar(100) NOT NULL,
    avatar_url varchar(255), google_id varchar(50) UNIQUE, password_hash varchar(255),
    role varchar(20) NOT NULL, active_flag boolean NOT NULL DEFAULT true,
    unified_flow_enabled boolean NOT NULL DEFAULT false,
    created_at timestamptz DEFAULT now(), updated_at timestamptz);
CREATE TABLE clients (
    id serial PRIMARY KEY, name varchar(255) NOT NULL, jotform_submission_id varchar(100) UNIQUE,
    created_at timestamptz DEFAULT now(), updated_at timestamptz);
CREATE TABLE sessoes (
    id serial PRIMARY KEY, data date NOT NULL, valor numeric(10,2) NOT NULL,
    observacoes varchar(255), cliente_id integer NOT NULL REFERENCES clients,
    artista_id integer NOT NULL REFERENCES users, google_event_id varchar(100) UNIQUE,
    status varchar(20) NOT NULL, payment_id integer,
    created_at timestamptz DEFAULT now(), updated_at timestamptz);
CREATE TABLE pagamentos (
    id serial PRIMARY KEY, data date NOT NULL, valor numeric(10,2) NOT NULL,
    forma_pagamento varchar(50) NOT NULL, observacoes varchar(255), comissao numeric(10,2),
    cliente_id integer REFERENCES clients, artista_id integer REFERENCES users,
    sessao_id integer REFERENCES sessoes, google_event_id varchar(100) UNIQUE,
    created_at timestamptz DEFAULT now(), updated_at timestamptz);
ALTER TABLE sessoes ADD FOREIGN KEY (payment_id) REFERENCES pagamentos
    DEFERRABLE INITIALLY DEFERRED;
CREATE TABLE comissoes (
    id serial PRIMARY KEY, pagamento_id integer REFERENCES pagamentos,
    artista_id integer NOT NULL REFERENCES users, percentual numeric(5,2) NOT NULL,
    valor numeric(10,2) NOT NULL, observacoes varchar(255), created_at timestamptz);
CREATE TABLE gastos (
    id serial PRIMARY KEY, data date NOT NULL, valor numeric(10,2) NOT NULL,
    descricao varchar(255), forma_pagamento varchar(50) NOT NULL,
    created_by integer NOT NULL REFERENCES users,
    created_at timestamptz DEFAULT now(), updated_at timestamptz);
CREATE TABLE inventory (
    id serial PRIMARY KEY, nome varchar(100), quantidade integer, observacoes varchar(255),
    "order" integer, category varchar(50), unit_price numeric(10,2), supplier varchar(100),
    created_at timestamptz DEFAULT now(), updated_at timestamptz);
CREATE TABLE extratos (
    id serial PRIMARY KEY, mes integer NOT NULL, ano integer NOT NULL, pagamentos jsonb NOT NULL,
    sessoes jsonb NOT NULL, comissoes jsonb NOT NULL, gastos jsonb, totais jsonb NOT NULL,
    created_at timestamptz DEFAULT now(), UNIQUE (mes, ano));
CREATE TABLE oauth (
    id serial PRIMARY KEY, provider varchar(50) NOT NULL, provider_user_id varchar(256) NOT NULL,
    user_id integer NOT NULL, token json NOT NULL, created_at timestamp NOT NULL);
