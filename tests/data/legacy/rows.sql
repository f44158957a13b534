-- An invented studio: January and November closed by the legacy program, March open, and one of
-- every awkward row.
BEGIN;
INSERT INTO users (id, email, name, role, active_flag, password_hash) VALUES
    (1, 'iris@atelie.example', 'Íris Nanquim', 'artist', true, 'never read'),
    (2, NULL, 'Téo  Linha', 'artist', true, NULL),
    (3, 'IRIS@atelie.example', 'Bia Ponto', 'artist', false, NULL),
    (4, 'Rita@Atelie.example', 'Rita Gerente', 'client', true, NULL),
    (5, 'sem arroba', 'Servidor', 'admin', true, 'never read'),
    (6, NULL, 'Íris Nanquim', 'client', true, NULL);
INSERT INTO clients (id, name, jotform_submission_id) VALUES
    (1, 'Nina Prado', NULL), (2, 'Nina Prado', NULL), (3, '  Caio   Melo ', NULL),
    (4, ' ', NULL), (5, 'Lia Rocha', 'f-5');
INSERT INTO sessoes (id, data, valor, observacoes, cliente_id, artista_id, google_event_id, status,
                     payment_id) VALUES
    (11, '2025-03-05', 200, NULL, 1, 1, NULL, 'paid', 21),
    (12, '2025-03-06', 300, 'Falta pagar', 5, 1, NULL, 'completed', NULL),
    (13, '2025-03-07', 300, NULL, 5, 1, NULL, 'cancelled', NULL),
    (14, '2099-01-10', 500, NULL, 5, 2, 'ev-14', 'scheduled', NULL),
    (15, '2025-03-08', 350, NULL, 3, 1, NULL, 'paid', 23),
    (16, '2025-03-09', -80, NULL, 5, 2, NULL, 'active', NULL),
    (17, '2025-03-10', 120, NULL, 5, 2, NULL, 'estranho', NULL),
    (18, '2025-02-11', 90, NULL, 5, 2, NULL, 'archived', NULL);
INSERT INTO pagamentos (id, data, valor, forma_pagamento, observacoes, comissao, cliente_id,
                        artista_id, sessao_id, google_event_id) VALUES
    (21, '2025-03-05', 200, 'Pix', 'Retoque', 70, 1, 1, 11, NULL),
    (22, '2025-03-11', 100, 'Dinheiro', NULL, NULL, NULL, 2, NULL, NULL),
    (23, '2025-03-11', 100, 'Dinheiro', NULL, NULL, NULL, 2, NULL, 'ev-23'),
    (24, '2025-03-08', 350, 'Cartão de Crédito', NULL, NULL, 3, 1, 15, 'ev-24'),
    (25, '2025-03-12', -40, 'Pix', NULL, NULL, 1, 1, NULL, NULL),
    (26, '2025-03-13', 60, 'Fiado', NULL, NULL, 5, 2, NULL, NULL),
    (27, '2025-03-14', 90, 'Cartão de Débito', NULL, NULL, 5, NULL, NULL, NULL),
    (28, '2025-01-20', 150, 'Outros', 'Esquecido', NULL, 5, 1, NULL, NULL);
INSERT INTO comissoes (id, pagamento_id, artista_id, percentual, valor, observacoes, created_at)
VALUES
    (31, 21, 1, 50, 100, NULL, '2025-03-05 15:00Z'),
    (32, 25, 1, 33.33, -13.33, NULL, '2025-03-12 15:00Z'),
    (33, NULL, 2, 40, 25, 'pagamento apagado', '2025-04-01 01:30Z'),
    (34, 24, 1, 50, 99, NULL, '2025-03-08 15:00Z'),
    (35, 28, 1, 50, 75, NULL, '2025-01-20 15:00Z');
INSERT INTO gastos (id, data, valor, descricao, forma_pagamento, created_by) VALUES
    (41, '2025-03-02', 55.50, 'Luvas', 'Pix', 4),
    (42, '2025-03-03', -10, NULL, 'Dinheiro', 4);
INSERT INTO inventory (id, nome, quantidade, observacoes, "order", category, unit_price, supplier)
VALUES
    (51, 'Tinta azul', 12, NULL, 1, 'tinta', 79.90, 'Casa da Tinta'),
    (52, 'Agulha 5', -4, 'contar de novo', 2, NULL, NULL, NULL),
    (53, NULL, 3, NULL, NULL, NULL, -1, NULL),
    (54, ' ', NULL, NULL, NULL, NULL, NULL, NULL);

-- November 2024 is plain JSON; January 2025 a JSON string, its payments a string in a string. Two
-- payments of 80 are alike but for the client; the stored revenue of January is wrong by 100.
INSERT INTO extratos (id, mes, ano, pagamentos, sessoes, comissoes, gastos, totais) VALUES
(61, 11, 2024,
 '[{"id": 1, "data": "2024-11-03", "cliente_name": "  Caio   Melo ", "artista_name": "Téo  Linha",
    "valor": 250.10000000000002, "forma_pagamento": "Pix", "observacoes": "Braço", "sessao_id": 1,
    "sessao_data": "2024-11-03"},
   {"id": 2, "data": "2024-11-09", "cliente_name": null, "artista_name": "Gil Antigo",
    "valor": 99.995, "forma_pagamento": "Dinheiro", "observacoes": null, "sessao_id": null,
    "sessao_data": null}]',
 '[{"id": 1, "data": "2024-11-03", "cliente_name": "  Caio   Melo ", "artista_name": "Téo  Linha",
    "valor": 250.1, "status": "paid", "observacoes": null}]',
 '[{"artista_name": "Téo  Linha", "cliente_name": null, "pagamento_valor": 250.1,
    "pagamento_data": "2024-11-03", "percentual": 40.0, "valor": 100.03999999999999,
    "observacoes": null}]',
 '[{"data": "2024-11-30", "valor": 12.3, "descricao": "Café", "forma_pagamento": "Dinheiro",
    "categoria": null, "created_by": 4}]',
 '{"receita_total": 350.1, "comissoes_total": 100.04, "despesas_total": 12.3, "saldo": 337.8,
   "receita_liquida": 237.76,
   "por_artista": [{"artista": "Téo  Linha", "receita": 250.1, "comissao": 100.04}],
   "por_forma_pagamento": [{"forma": "Pix", "total": 250.1}],
   "gastos_por_forma_pagamento": [{"forma": "Dinheiro", "total": 12.3}],
   "gastos_por_categoria": [{"categoria": "Outros", "total": 12.3}]}'),
(62, 1, 2025,
 to_jsonb(to_jsonb($$[
   {"id": 3, "data": "2025-01-07", "cliente_name": "Nina Prado", "artista_name": "Íris Nanquim",
    "valor": 80, "forma_pagamento": "Pix", "observacoes": null, "sessao_id": null},
   {"id": 4, "data": "2025-01-07", "cliente_name": "Otto Vidal", "artista_name": "Íris Nanquim",
    "valor": 80, "forma_pagamento": "Cheque", "observacoes": null, "sessao_id": 999},
   {"id": 5, "data": "2025-01-08", "cliente_name": null, "artista_name": "Íris Nanquim",
    "valor": 30, "forma_pagamento": "Pix", "observacoes": null, "sessao_id": null},
   {"id": 6, "data": "2025-01-08", "cliente_name": null, "artista_name": "Íris Nanquim",
    "valor": 30, "forma_pagamento": "Pix", "observacoes": null, "sessao_id": null},
   {"id": 7, "data": "2025-02-01", "cliente_name": null, "artista_name": "Íris Nanquim",
    "valor": "muito", "forma_pagamento": "Pix", "observacoes": null, "sessao_id": null}]$$::text)
   #>> '{}'),
 to_jsonb('[]'::text),
 to_jsonb($$[
   {"artista_name": "Íris Nanquim", "cliente_name": "Otto Vidal", "pagamento_valor": 80.0,
    "pagamento_data": "2025-01-07", "percentual": 50.0, "valor": 40.0, "observacoes": null},
   {"artista_name": "Íris Nanquim", "cliente_name": null, "pagamento_valor": 30,
    "pagamento_data": "2025-01-08", "percentual": 50.0, "valor": 15, "observacoes": null},
   {"artista_name": "Íris Nanquim", "cliente_name": null, "pagamento_valor": null,
    "pagamento_data": null, "percentual": 10, "valor": 5, "observacoes": "sem pagamento"}]$$::text),
 to_jsonb($$[{"data": "2025-02-02", "valor": 8.4, "descricao": "Água", "forma_pagamento": "Pix",
   "categoria": "Limpeza", "created_by": null}]$$::text),
 to_jsonb($${"receita_total": 320, "comissoes_total": 60.0, "despesas_total": 8.4}$$::text));
COMMIT;
