<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="br_FR">
<context>
    <name>AdministrationView</name>
    <message>
        <source>Administration</source>
        <translation>Administração</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>Saúde</translation>
    </message>
    <message>
        <source>Runs</source>
        <translation>Execuções</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>Backups</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>Alertas</translation>
    </message>
    <message>
        <source>Audit</source>
        <translation>Auditoria</translation>
    </message>
    <message>
        <source>Sections</source>
        <translation>Seções</translation>
    </message>
    <message>
        <source>{n} unseen</source>
        <translation>{n} não vistos</translation>
    </message>
</context>
<context>
    <name>AlertColumns</name>
    <message>
        <source>When</source>
        <translation>Quando</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Situação</translation>
    </message>
    <message>
        <source>What</source>
        <translation>O quê</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Mensagem</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Vezes</translation>
    </message>
    <message>
        <source>Seen by</source>
        <translation>Visto por</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Observação</translation>
    </message>
    <message>
        <source>Warning</source>
        <translation>Aviso</translation>
    </message>
    <message>
        <source>Serious</source>
        <translation>Grave</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Novo</translation>
    </message>
    <message>
        <source>Nobody yet</source>
        <translation>Ninguém ainda</translation>
    </message>
</context>
<context>
    <name>AlertDetail</name>
    <message>
        <source>Correlation id</source>
        <translation>ID de correlação</translation>
    </message>
    <message>
        <source>Copy the correlation id</source>
        <translation>Copiar o ID de correlação</translation>
    </message>
    <message>
        <source>Mark as seen</source>
        <translation>Marcar como visto</translation>
    </message>
    <message>
        <source>Show in the audit</source>
        <translation>Ver na auditoria</translation>
    </message>
    <message>
        <source>New</source>
        <translation>Novo</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Quando</translation>
    </message>
    <message>
        <source>Times</source>
        <translation>Vezes</translation>
    </message>
    <message>
        <source>Noticed by</source>
        <translation>Notado por</translation>
    </message>
    <message>
        <source>Seen by</source>
        <translation>Visto por</translation>
    </message>
    <message>
        <source>Statement</source>
        <translation>Comando SQL</translation>
    </message>
    <message>
        <source>Known as</source>
        <translation>Identificação</translation>
    </message>
    <message>
        <source>Slowest, ms</source>
        <translation>Pior, ms</translation>
    </message>
    <message>
        <source>Limit, ms</source>
        <translation>Limite, ms</translation>
    </message>
    <message>
        <source>Screen or job</source>
        <translation>Tela ou tarefa</translation>
    </message>
    <message>
        <source>Program</source>
        <translation>Programa</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>Acesso</translation>
    </message>
    <message>
        <source>Acted under</source>
        <translation>Agiu como</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>Banco de dados</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Falhou</translation>
    </message>
    <message>
        <source>Last time</source>
        <translation>Última vez</translation>
    </message>
    <message>
        <source>Work</source>
        <translation>Tarefa</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>De</translation>
    </message>
    <message>
        <source>Try</source>
        <translation>Tentativa</translation>
    </message>
    <message>
        <source>Failure</source>
        <translation>Falha</translation>
    </message>
    <message>
        <source>Report</source>
        <translation>Relatório</translation>
    </message>
    <message>
        <source>Subject</source>
        <translation>Assunto</translation>
    </message>
    <message>
        <source>Level</source>
        <translation>Nível</translation>
    </message>
</context>
<context>
    <name>AlertSettingsForm</name>
    <message>
        <source>Limit in milliseconds</source>
        <translation>Limite em milissegundos</translation>
    </message>
    <message>
        <source>Raise an alert for slow queries</source>
        <translation>Alertar sobre consultas lentas</translation>
    </message>
    <message>
        <source>It holds on every desk and on the server at once, without a restart.</source>
        <translation>Vale na hora em todos os computadores e no servidor, sem reiniciar.</translation>
    </message>
    <message>
        <source>1000 are one second. A computer&apos;s own .env may set another limit.</source>
        <translation>1000 são um segundo. O .env de um computador pode definir outro limite.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Salvar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>Type a whole number from 1 to {limit}.</source>
        <translation>Digite um número inteiro de 1 a {limit}.</translation>
    </message>
</context>
<context>
    <name>AlertsController</name>
    <message>
        <source>Everything was seen.</source>
        <translation>Tudo foi visto.</translation>
    </message>
    <message>
        <source>Nothing has been noticed yet. What goes wrong at night stands here.</source>
        <translation>Nada foi notado ainda. O que der errado à noite aparece aqui.</translation>
    </message>
    <message>
        <source>{n} that nobody has seen</source>
        <translation>{n} que ninguém viu</translation>
    </message>
    <message>
        <source>1 that nobody has seen</source>
        <translation>1 que ninguém viu</translation>
    </message>
    <message>
        <source>Everything was seen</source>
        <translation>Tudo foi visto</translation>
    </message>
    <message>
        <source>The correlation id is copied.</source>
        <translation>O ID de correlação foi copiado.</translation>
    </message>
    <message>
        <source>{n} alerts marked as seen</source>
        <translation>{n} alertas marcados como vistos</translation>
    </message>
    <message>
        <source>Alert marked as seen</source>
        <translation>Alerta marcado como visto</translation>
    </message>
    <message>
        <source>Taken back</source>
        <translation>Desfeito</translation>
    </message>
    <message>
        <source>Somebody else decided meanwhile: {decision} Save once more to change it.</source>
        <translation>Outra pessoa decidiu enquanto isso: {decision} Salve mais uma vez para mudar.</translation>
    </message>
    <message>
        <source>Slow queries raise no alert any more</source>
        <translation>Consultas lentas não geram mais alerta</translation>
    </message>
    <message>
        <source>Queries over {n} ms raise an alert now</source>
        <translation>Consultas acima de {n} ms agora geram alerta</translation>
    </message>
</context>
<context>
    <name>AlertsSection</name>
    <message>
        <source>Alerts</source>
        <translation>Alertas</translation>
    </message>
    <message>
        <source>Mark all as seen</source>
        <translation>Marcar todos como vistos</translation>
    </message>
    <message>
        <source>Which alerts</source>
        <translation>Quais alertas</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Todos</translation>
    </message>
    <message>
        <source>Unseen</source>
        <translation>Não vistos</translation>
    </message>
    <message>
        <source>Slow queries</source>
        <translation>Consultas lentas</translation>
    </message>
</context>
<context>
    <name>AnswerPage</name>
    <message>
        <source>Back to the studio</source>
        <translation>De volta ao estúdio</translation>
    </message>
    <message>
        <source>Google has answered. You can close this page: the studio&apos;s window goes on.</source>
        <translation>O Google respondeu. Você pode fechar esta página: a janela do estúdio continua.</translation>
    </message>
    <message>
        <source>Not signed in</source>
        <translation>Você não entrou</translation>
    </message>
    <message>
        <source>Google did not let you through, or you said no. You can close this page and try again in the studio&apos;s window.</source>
        <translation>O Google não deixou você passar, ou você disse não. Pode fechar esta página e tentar de novo na janela do estúdio.</translation>
    </message>
    <message>
        <source>Nothing to see here</source>
        <translation>Nada para ver aqui</translation>
    </message>
    <message>
        <source>This address serves one sign-in of the studio&apos;s program. Begin in its window.</source>
        <translation>Este endereço serve a uma única entrada no programa do estúdio. Comece na janela dele.</translation>
    </message>
</context>
<context>
    <name>Application</name>
    <message>
        <source>Opening the studio</source>
        <translation>Abrindo o estúdio</translation>
    </message>
    <message>
        <source>This computer has no keyring for your sign-in: you will be asked again at the next start.</source>
        <translation>Este computador não tem um chaveiro para guardar a sua entrada: na próxima vez você entra de novo.</translation>
    </message>
    <message>
        <source>Your password is changed.</source>
        <translation>A sua senha foi trocada.</translation>
    </message>
    <message>
        <source>The demo does not lock: it signs in by itself.</source>
        <translation>A demonstração não se bloqueia: ela entra sozinha.</translation>
    </message>
    <message>
        <source>You are signed out on this computer. {problem}</source>
        <translation>Você saiu neste computador. {problem}</translation>
    </message>
</context>
<context>
    <name>Audit</name>
    <message>
        <source>Added</source>
        <translation>Incluído</translation>
    </message>
    <message>
        <source>Changed</source>
        <translation>Alterado</translation>
    </message>
    <message>
        <source>Deleted</source>
        <translation>Excluído</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Fechado</translation>
    </message>
    <message>
        <source>Reopened</source>
        <translation>Reaberto</translation>
    </message>
    <message>
        <source>Month</source>
        <translation>Mês</translation>
    </message>
    <message>
        <source>Backup</source>
        <translation>Backup</translation>
    </message>
    <message>
        <source>Client&apos;s flag</source>
        <translation>Aviso de cliente</translation>
    </message>
    <message>
        <source>Health answer</source>
        <translation>Resposta de saúde</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Cliente</translation>
    </message>
    <message>
        <source>Commission</source>
        <translation>Comissão</translation>
    </message>
    <message>
        <source>Expense</source>
        <translation>Gasto</translation>
    </message>
    <message>
        <source>Closing request</source>
        <translation>Pedido de fechamento</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Execução</translation>
    </message>
    <message>
        <source>Extrato</source>
        <translation>Extrato</translation>
    </message>
    <message>
        <source>Backup of everything</source>
        <translation>Backup de tudo</translation>
    </message>
    <message>
        <source>Payment</source>
        <translation>Pagamento</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sessão</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>Configuração</translation>
    </message>
    <message>
        <source>Stock item</source>
        <translation>Item de estoque</translation>
    </message>
    <message>
        <source>Stock movement</source>
        <translation>Movimento de estoque</translation>
    </message>
    <message>
        <source>Login</source>
        <translation>Acesso</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Pessoa</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>Acesso</translation>
    </message>
    <message>
        <source>Counts on</source>
        <translation>Conta em</translation>
    </message>
    <message>
        <source>Works here</source>
        <translation>Trabalha aqui</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Endereço</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Ação</translation>
    </message>
    <message>
        <source>Agreed price</source>
        <translation>Preço combinado</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Answer</source>
        <translation>Resposta</translation>
    </message>
    <message>
        <source>Artist</source>
        <translation>Artista</translation>
    </message>
    <message>
        <source>Backup no.</source>
        <translation>Backup nº</translation>
    </message>
    <message>
        <source>Balance</source>
        <translation>Saldo</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>Tamanho do lote</translation>
    </message>
    <message>
        <source>Birth date</source>
        <translation>Nascimento</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Categoria</translation>
    </message>
    <message>
        <source>Chair</source>
        <translation>Maca</translation>
    </message>
    <message>
        <source>Client no.</source>
        <translation>Cliente nº</translation>
    </message>
    <message>
        <source>Code</source>
        <translation>Código</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Cor</translation>
    </message>
    <message>
        <source>Correlation id</source>
        <translation>ID de correlação</translation>
    </message>
    <message>
        <source>Corrects expense</source>
        <translation>Corrige o gasto</translation>
    </message>
    <message>
        <source>Corrects payment</source>
        <translation>Corrige o pagamento</translation>
    </message>
    <message>
        <source>CPF</source>
        <translation>CPF</translation>
    </message>
    <message>
        <source>Added on</source>
        <translation>Incluído em</translation>
    </message>
    <message>
        <source>Added by</source>
        <translation>Incluído por</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descrição</translation>
    </message>
    <message>
        <source>Device</source>
        <translation>Dispositivo</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>Ended on</source>
        <translation>Encerrado em</translation>
    </message>
    <message>
        <source>Ends</source>
        <translation>Termina</translation>
    </message>
    <message>
        <source>Expires on</source>
        <translation>Expira em</translation>
    </message>
    <message>
        <source>Extrato no.</source>
        <translation>Extrato nº</translation>
    </message>
    <message>
        <source>Size in bytes</source>
        <translation>Tamanho em bytes</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Arquivo</translation>
    </message>
    <message>
        <source>SHA-256</source>
        <translation>SHA-256</translation>
    </message>
    <message>
        <source>Closing again</source>
        <translation>Novo fechamento</translation>
    </message>
    <message>
        <source>Google event</source>
        <translation>Evento do Google</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Número</translation>
    </message>
    <message>
        <source>From the old system</source>
        <translation>Do sistema antigo</translation>
    </message>
    <message>
        <source>Instagram</source>
        <translation>Instagram</translation>
    </message>
    <message>
        <source>Is an artist</source>
        <translation>É artista</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Content</source>
        <translation>Conteúdo</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Mensagem</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Moved on</source>
        <translation>Movido em</translation>
    </message>
    <message>
        <source>Moved by</source>
        <translation>Movido por</translation>
    </message>
    <message>
        <source>Must change the password</source>
        <translation>Deve trocar a senha</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nome</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Observação</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Anotações</translation>
    </message>
    <message>
        <source>May overlap</source>
        <translation>Pode sobrepor</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>Valores</translation>
    </message>
    <message>
        <source>Paid on</source>
        <translation>Pago em</translation>
    </message>
    <message>
        <source>Payment no.</source>
        <translation>Pagamento nº</translation>
    </message>
    <message>
        <source>Percent</source>
        <translation>Percentual</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>Telefone</translation>
    </message>
    <message>
        <source>Project</source>
        <translation>Projeto</translation>
    </message>
    <message>
        <source>Quantity</source>
        <translation>Quantidade</translation>
    </message>
    <message>
        <source>Question</source>
        <translation>Pergunta</translation>
    </message>
    <message>
        <source>Rehearsal</source>
        <translation>Ensaio</translation>
    </message>
    <message>
        <source>Asked on</source>
        <translation>Pedido em</translation>
    </message>
    <message>
        <source>Asked by</source>
        <translation>Pedido por</translation>
    </message>
    <message>
        <source>Run by</source>
        <translation>Executado por</translation>
    </message>
    <message>
        <source>Run no.</source>
        <translation>Execução nº</translation>
    </message>
    <message>
        <source>From</source>
        <translation>Origem</translation>
    </message>
    <message>
        <source>Started on</source>
        <translation>Iniciado em</translation>
    </message>
    <message>
        <source>Started by</source>
        <translation>Iniciado por</translation>
    </message>
    <message>
        <source>Taken on</source>
        <translation>Assumido em</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Session no.</source>
        <translation>Sessão nº</translation>
    </message>
    <message>
        <source>Severity</source>
        <translation>Gravidade</translation>
    </message>
    <message>
        <source>Social name</source>
        <translation>Nome social</translation>
    </message>
    <message>
        <source>Spent on</source>
        <translation>Gasto em</translation>
    </message>
    <message>
        <source>Starts</source>
        <translation>Começa</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Situação</translation>
    </message>
    <message>
        <source>Status</source>
        <translation>Situação</translation>
    </message>
    <message>
        <source>Tip</source>
        <translation>Gorjeta</translation>
    </message>
    <message>
        <source>Type</source>
        <translation>Tipo</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Unidade</translation>
    </message>
    <message>
        <source>Changed on</source>
        <translation>Alterado em</translation>
    </message>
    <message>
        <source>Changed by</source>
        <translation>Alterado por</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Versão</translation>
    </message>
    <message>
        <source>Voided because</source>
        <translation>Motivo da anulação</translation>
    </message>
    <message>
        <source>Voided on</source>
        <translation>Anulado em</translation>
    </message>
    <message>
        <source>Voided by</source>
        <translation>Anulado por</translation>
    </message>
    <message>
        <source>WhatsApp allowed</source>
        <translation>WhatsApp autorizado</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Sim</translation>
    </message>
    <message>
        <source>No</source>
        <translation>Não</translation>
    </message>
</context>
<context>
    <name>AuditColumns</name>
    <message>
        <source>When</source>
        <translation>Quando</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Quem</translation>
    </message>
    <message>
        <source>Action</source>
        <translation>Ação</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Registro</translation>
    </message>
    <message>
        <source>What</source>
        <translation>O quê</translation>
    </message>
    <message>
        <source>Correlation id</source>
        <translation>ID de correlação</translation>
    </message>
</context>
<context>
    <name>AuditController</name>
    <message>
        <source>No change fits. Words are found by their beginning.</source>
        <translation>Nenhuma alteração corresponde. As palavras são encontradas pelo começo.</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Limpar filtros</translation>
    </message>
    <message>
        <source>Nothing was changed yet. Every change will stand here.</source>
        <translation>Nada foi alterado ainda. Toda alteração aparecerá aqui.</translation>
    </message>
    <message>
        <source>{n} changes</source>
        <translation>{n} alterações</translation>
    </message>
    <message>
        <source>more than {n} changes</source>
        <translation>mais de {n} alterações</translation>
    </message>
    <message>
        <source>1 change</source>
        <translation>1 alteração</translation>
    </message>
    <message>
        <source>nobody can alter them</source>
        <translation>ninguém pode modificá-las</translation>
    </message>
    <message>
        <source>The correlation id is copied.</source>
        <translation>O ID de correlação foi copiado.</translation>
    </message>
</context>
<context>
    <name>AuditDetail</name>
    <message>
        <source>Correlation id</source>
        <translation>ID de correlação</translation>
    </message>
    <message>
        <source>Copy the correlation id</source>
        <translation>Copiar o ID de correlação</translation>
    </message>
    <message>
        <source>When</source>
        <translation>Quando</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Quem</translation>
    </message>
    <message>
        <source>Signed in as</source>
        <translation>Conectado como</translation>
    </message>
    <message>
        <source>Acted under</source>
        <translation>Agiu como</translation>
    </message>
    <message>
        <source>Entry</source>
        <translation>Lançamento</translation>
    </message>
    <message>
        <source>The values that identified the client were erased.</source>
        <translation>Os dados que identificavam o cliente foram apagados.</translation>
    </message>
    <message>
        <source>Identifies the client: kept apart, so that it can be erased.</source>
        <translation>Identifica o cliente: fica à parte, para que possa ser apagado.</translation>
    </message>
    <message>
        <source>All of this record</source>
        <translation>Tudo deste registro</translation>
    </message>
    <message>
        <source>All of this action</source>
        <translation>Tudo desta ação</translation>
    </message>
</context>
<context>
    <name>AuditFilters</name>
    <message>
        <source>Period</source>
        <translation>Período</translation>
    </message>
    <message>
        <source>Any time</source>
        <translation>Qualquer data</translation>
    </message>
    <message>
        <source>Today</source>
        <translation>Hoje</translation>
    </message>
    <message>
        <source>Last 7 days</source>
        <translation>Últimos 7 dias</translation>
    </message>
    <message>
        <source>Last 30 days</source>
        <translation>Últimos 30 dias</translation>
    </message>
    <message>
        <source>From … to …</source>
        <translation>De … até …</translation>
    </message>
    <message>
        <source>Person</source>
        <translation>Pessoa</translation>
    </message>
    <message>
        <source>Anybody</source>
        <translation>Qualquer pessoa</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Registro</translation>
    </message>
    <message>
        <source>Any record</source>
        <translation>Qualquer registro</translation>
    </message>
    <message>
        <source>Number</source>
        <translation>Número</translation>
    </message>
    <message>
        <source>What was done</source>
        <translation>O que foi feito</translation>
    </message>
    <message>
        <source>Anything</source>
        <translation>Qualquer ação</translation>
    </message>
    <message>
        <source>Correlation id</source>
        <translation>ID de correlação</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Limpar filtros</translation>
    </message>
    <message>
        <source>Programs</source>
        <translation>Programas</translation>
    </message>
    <message>
        <source>from</source>
        <translation>de</translation>
    </message>
    <message>
        <source>to</source>
        <translation>até</translation>
    </message>
    <message>
        <source>From day</source>
        <translation>Do dia</translation>
    </message>
    <message>
        <source>To day</source>
        <translation>Até o dia</translation>
    </message>
    <message>
        <source>Number of the record</source>
        <translation>Número do registro</translation>
    </message>
    <message>
        <source>Action {id}</source>
        <translation>Ação {id}</translation>
    </message>
    <message>
        <source>Every action</source>
        <translation>Todas as ações</translation>
    </message>
</context>
<context>
    <name>AuditSection</name>
    <message>
        <source>Changes</source>
        <translation>Alterações</translation>
    </message>
    <message>
        <source>Search values, names, numbers, correlation ids…</source>
        <translation>Buscar valores, nomes, números, IDs de correlação…</translation>
    </message>
</context>
<context>
    <name>BackupColumns</name>
    <message>
        <source>Made</source>
        <translation>Feito em</translation>
    </message>
    <message>
        <source>Of</source>
        <translation>De</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Situação</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>Feito por</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Arquivo</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamanho</translation>
    </message>
    <message>
        <source>Everything</source>
        <translation>Tudo</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>Removido</translation>
    </message>
    <message>
        <source>File is gone</source>
        <translation>Arquivo sumiu</translation>
    </message>
    <message>
        <source>Trial failed</source>
        <translation>Teste falhou</translation>
    </message>
    <message>
        <source>Tried</source>
        <translation>Testado</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Copiado</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>Conferido</translation>
    </message>
</context>
<context>
    <name>BackupDetail</name>
    <message>
        <source>File</source>
        <translation>Arquivo</translation>
    </message>
    <message>
        <source>Copy the file&apos;s name</source>
        <translation>Copiar o nome do arquivo</translation>
    </message>
    <message>
        <source>Where</source>
        <translation>Onde</translation>
    </message>
    <message>
        <source>Copy the folder</source>
        <translation>Copiar a pasta</translation>
    </message>
    <message>
        <source>version {number} of its extrato</source>
        <translation>versão {number} do extrato</translation>
    </message>
    <message>
        <source>Made</source>
        <translation>Feito em</translation>
    </message>
    <message>
        <source>Made by</source>
        <translation>Feito por</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>Tamanho</translation>
    </message>
    <message>
        <source>Checked for</source>
        <translation>Conferido para</translation>
    </message>
    <message>
        <source>Copied</source>
        <translation>Copiado</translation>
    </message>
    <message>
        <source>Trial restore</source>
        <translation>Restauração de teste</translation>
    </message>
    <message>
        <source>Removed</source>
        <translation>Removido</translation>
    </message>
    <message>
        <source>It could not be restored: {reason}</source>
        <translation>Não foi possível restaurar: {reason}</translation>
    </message>
    <message>
        <source>Its file is not in the folder of the backups.</source>
        <translation>O arquivo não está na pasta dos backups.</translation>
    </message>
    <message>
        <source>No closing has used it.</source>
        <translation>Nenhum fechamento o usou.</translation>
    </message>
</context>
<context>
    <name>BackupsController</name>
    <message>
        <source>There is no backup of everything yet. studio-jobs serve makes one every day.</source>
        <translation>Ainda não há backup de tudo. studio-jobs serve faz um todo dia.</translation>
    </message>
    <message>
        <source>There is no backup yet. Each closing begins with one.</source>
        <translation>Ainda não há backup. Cada fechamento começa com um.</translation>
    </message>
    <message>
        <source>Backup of {what}</source>
        <translation>Backup de {what}</translation>
    </message>
    <message>
        <source>Kept in {folder}</source>
        <translation>Guardados em {folder}</translation>
    </message>
    <message>
        <source>{folder} on {computer}</source>
        <translation>{folder} em {computer}</translation>
    </message>
    <message>
        <source>Copied.</source>
        <translation>Copiado.</translation>
    </message>
</context>
<context>
    <name>BackupsSection</name>
    <message>
        <source>Backups</source>
        <translation>Backups</translation>
    </message>
    <message>
        <source>Closed months with a backup</source>
        <translation>Meses fechados com backup</translation>
    </message>
    <message>
        <source>Newest backup of everything</source>
        <translation>Backup mais novo de tudo</translation>
    </message>
    <message>
        <source>Last trial restore</source>
        <translation>Última restauração de teste</translation>
    </message>
    <message>
        <source>Which backups</source>
        <translation>Quais backups</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Todos</translation>
    </message>
    <message>
        <source>Of months</source>
        <translation>De meses</translation>
    </message>
    <message>
        <source>Of everything</source>
        <translation>De tudo</translation>
    </message>
    <message>
        <source>{n} of {all}</source>
        <translation>{n} de {all}</translation>
    </message>
    <message>
        <source>none is missing</source>
        <translation>não falta nenhum</translation>
    </message>
    <message>
        <source>{n} without one</source>
        <translation>{n} sem backup</translation>
    </message>
    <message>
        <source>no month is closed yet</source>
        <translation>nenhum mês foi fechado ainda</translation>
    </message>
    <message>
        <source>the server makes one a day</source>
        <translation>o servidor faz um por dia</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>Nenhum ainda</translation>
    </message>
    <message>
        <source>the server tries one a week</source>
        <translation>o servidor testa um por semana</translation>
    </message>
    <message>
        <source>it failed</source>
        <translation>falhou</translation>
    </message>
    <message>
        <source>it held everything</source>
        <translation>continha tudo</translation>
    </message>
    <message>
        <source>Just now</source>
        <translation>Agora há pouco</translation>
    </message>
    <message>
        <source>{n} h ago</source>
        <translation>há {n} h</translation>
    </message>
    <message>
        <source>{n} days ago</source>
        <translation>há {n} dias</translation>
    </message>
</context>
<context>
    <name>Catalogue</name>
    <message>
        <source>Clients</source>
        <translation>Clientes</translation>
    </message>
    <message>
        <source>Payments</source>
        <translation>Pagamentos</translation>
    </message>
    <message>
        <source>Expenses</source>
        <translation>Gastos</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Histórico</translation>
    </message>
    <message>
        <source>Extratos</source>
        <translation>Extratos</translation>
    </message>
    <message>
        <source>Team</source>
        <translation>Equipe</translation>
    </message>
    <message>
        <source>Administration</source>
        <translation>Administração</translation>
    </message>
</context>
<context>
    <name>ClientColumns</name>
    <message>
        <source>Name</source>
        <translation>Nome</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>Telefone</translation>
    </message>
    <message>
        <source>Last visit</source>
        <translation>Última visita</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sessões</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Total</translation>
    </message>
    <message>
        <source>Flags</source>
        <translation>Avisos</translation>
    </message>
</context>
<context>
    <name>ClientForm</name>
    <message>
        <source>First and last name</source>
        <translation>Nome e sobrenome</translation>
    </message>
    <message>
        <source>What to call them, if not so</source>
        <translation>Como chamar, se for outro nome</translation>
    </message>
    <message>
        <source>May receive messages</source>
        <translation>Pode receber mensagens</translation>
    </message>
</context>
<context>
    <name>ClientPanel</name>
    <message>
        <source>Nothing yet.</source>
        <translation>Nada ainda.</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Editar</translation>
    </message>
    <message>
        <source>WhatsApp allowed</source>
        <translation>WhatsApp autorizado</translation>
    </message>
    <message>
        <source>Registered as {name}</source>
        <translation>Nome de registro: {name}</translation>
    </message>
    <message>
        <source>client since {month}</source>
        <translation>cliente desde {month}</translation>
    </message>
    <message>
        <source>History</source>
        <translation>Histórico</translation>
    </message>
</context>
<context>
    <name>ClientWords</name>
    <message>
        <source>Allergy</source>
        <translation>Alergia</translation>
    </message>
    <message>
        <source>Behaviour</source>
        <translation>Conduta</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>Observação</translation>
    </message>
    <message>
        <source>Good to know</source>
        <translation>Bom saber</translation>
    </message>
    <message>
        <source>Careful</source>
        <translation>Cuidado</translation>
    </message>
    <message>
        <source>Danger</source>
        <translation>Perigo</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nome</translation>
    </message>
    <message>
        <source>Social name</source>
        <translation>Nome social</translation>
    </message>
    <message>
        <source>Phone</source>
        <translation>Telefone</translation>
    </message>
    <message>
        <source>CPF</source>
        <translation>CPF</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>Birth date</source>
        <translation>Nascimento</translation>
    </message>
    <message>
        <source>Instagram</source>
        <translation>Instagram</translation>
    </message>
    <message>
        <source>Address</source>
        <translation>Endereço</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Anotações</translation>
    </message>
    <message>
        <source>WhatsApp</source>
        <translation>WhatsApp</translation>
    </message>
    <message>
        <source>requested</source>
        <translation>pedida</translation>
    </message>
    <message>
        <source>booked</source>
        <translation>marcada</translation>
    </message>
    <message>
        <source>confirmed</source>
        <translation>confirmada</translation>
    </message>
    <message>
        <source>waiting</source>
        <translation>em espera</translation>
    </message>
    <message>
        <source>in progress</source>
        <translation>em andamento</translation>
    </message>
    <message>
        <source>to pay</source>
        <translation>a pagar</translation>
    </message>
    <message>
        <source>done</source>
        <translation>feita</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>cancelada</translation>
    </message>
    <message>
        <source>did not come</source>
        <translation>não veio</translation>
    </message>
    <message>
        <source>Tattoo</source>
        <translation>Tatuagem</translation>
    </message>
    <message>
        <source>Touch-up</source>
        <translation>Retoque</translation>
    </message>
    <message>
        <source>Consultation</source>
        <translation>Consulta</translation>
    </message>
    <message>
        <source>Piercing</source>
        <translation>Piercing</translation>
    </message>
    <message>
        <source>same CPF</source>
        <translation>mesmo CPF</translation>
    </message>
    <message>
        <source>same phone</source>
        <translation>mesmo telefone</translation>
    </message>
    <message>
        <source>similar name</source>
        <translation>nome parecido</translation>
    </message>
    <message>
        <source>1 session</source>
        <translation>1 sessão</translation>
    </message>
    <message>
        <source>{count} sessions</source>
        <translation>{count} sessões</translation>
    </message>
    <message>
        <source>1 year</source>
        <translation>1 ano</translation>
    </message>
    <message>
        <source>{count} years</source>
        <translation>{count} anos</translation>
    </message>
</context>
<context>
    <name>ClientWriting</name>
    <message>
        <source>Restored what you were typing.</source>
        <translation>O que você digitava foi recuperado.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Descartar</translation>
    </message>
    <message>
        <source>Edit {name}</source>
        <translation>Editar {name}</translation>
    </message>
    <message>
        <source>New client</source>
        <translation>Novo cliente</translation>
    </message>
    <message>
        <source>Somebody else&apos;s changes were kept as well: {fields}.</source>
        <translation>As mudanças de outra pessoa também foram mantidas: {fields}.</translation>
    </message>
    <message>
        <source>Somebody else changed this client meanwhile. Choose what shall stand, and save.</source>
        <translation>Outra pessoa alterou este cliente enquanto isso. Escolha o que fica e salve.</translation>
    </message>
</context>
<context>
    <name>ClientsController</name>
    <message>
        <source>{count} found</source>
        <translation>{count} encontrados</translation>
    </message>
    <message>
        <source>more than {count} found</source>
        <translation>mais de {count} encontrados</translation>
    </message>
    <message>
        <source>1 client</source>
        <translation>1 cliente</translation>
    </message>
    <message>
        <source>{count} clients</source>
        <translation>{count} clientes</translation>
    </message>
    <message>
        <source>about {count} clients</source>
        <translation>cerca de {count} clientes</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
    <message>
        <source>New client</source>
        <translation>Novo cliente</translation>
    </message>
    <message>
        <source>Nobody fits “{search}”.</source>
        <translation>Ninguém encontrado para “{search}”.</translation>
    </message>
    <message>
        <source>Your clients stand here once a session or a payment is booked with you.</source>
        <translation>Seus clientes aparecem aqui quando uma sessão ou um pagamento for registrado com você.</translation>
    </message>
    <message>
        <source>There are no clients yet.</source>
        <translation>Ainda não há clientes.</translation>
    </message>
    <message>
        <source>New client: {name}</source>
        <translation>Novo cliente: {name}</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>Salvo: {name}</translation>
    </message>
    <message>
        <source>Undone.</source>
        <translation>Desfeito.</translation>
    </message>
</context>
<context>
    <name>ClientsView</name>
    <message>
        <source>Clients</source>
        <translation>Clientes</translation>
    </message>
    <message>
        <source>New client</source>
        <translation>Novo cliente</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importar</translation>
    </message>
    <message>
        <source>By name</source>
        <translation>Por nome</translation>
    </message>
    <message>
        <source>Newest</source>
        <translation>Mais novos</translation>
    </message>
    <message>
        <source>Last visit</source>
        <translation>Última visita</translation>
    </message>
    <message>
        <source>Sorted by</source>
        <translation>Ordenar por</translation>
    </message>
    <message>
        <source>Import clients</source>
        <translation>Importar clientes</translation>
    </message>
    <message>
        <source>Search name, phone, CPF or Instagram…</source>
        <translation>Buscar nome, telefone, CPF ou Instagram…</translation>
    </message>
</context>
<context>
    <name>CloseAgainDialog</name>
    <message>
        <source>Close {month} again?</source>
        <translation>Fechar {month} de novo?</translation>
    </message>
    <message>
        <source>Its entries come back and are closed again, together with those that came late, in one step. Version {version} of the extrato stays on record.</source>
        <translation>Os lançamentos voltam e são fechados de novo, junto com os que chegaram depois, em uma só etapa. A versão {version} do extrato fica registrada.</translation>
    </message>
    <message>
        <source>Close again</source>
        <translation>Fechar de novo</translation>
    </message>
</context>
<context>
    <name>ClosingCard</name>
    <message>
        <source>Backup</source>
        <translation>Backup</translation>
    </message>
    <message>
        <source>Month locked</source>
        <translation>Mês travado</translation>
    </message>
    <message>
        <source>Payments</source>
        <translation>Pagamentos</translation>
    </message>
    <message>
        <source>Commissions</source>
        <translation>Comissões</translation>
    </message>
    <message>
        <source>Expenses</source>
        <translation>Gastos</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sessões</translation>
    </message>
    <message>
        <source>Totals and check</source>
        <translation>Totais e conferência</translation>
    </message>
    <message>
        <source>Closing {month}</source>
        <translation>Fechando {month}</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>cerca de {time}</translation>
    </message>
    <message>
        <source>Asking the server</source>
        <translation>Pedindo ao servidor</translation>
    </message>
    <message>
        <source>The server finishes another month first</source>
        <translation>O servidor termina antes outro mês</translation>
    </message>
    <message>
        <source>The server begins</source>
        <translation>O servidor está começando</translation>
    </message>
    <message>
        <source>The server was interrupted; waiting for it to go on</source>
        <translation>O servidor foi interrompido; aguardando que ele continue</translation>
    </message>
</context>
<context>
    <name>Closings</name>
    <message>
        <source>Started elsewhere</source>
        <translation>Iniciado em outro lugar</translation>
    </message>
    <message>
        <source>Started by {person}</source>
        <translation>Iniciado por {person}</translation>
    </message>
    <message>
        <source>Asked for by {person}</source>
        <translation>Pedido por {person}</translation>
    </message>
</context>
<context>
    <name>ConfirmDialog</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
</context>
<context>
    <name>ConnectionLight</name>
    <message>
        <source>Connected</source>
        <translation>Conectado</translation>
    </message>
    <message>
        <source>Connecting…</source>
        <translation>Conectando…</translation>
    </message>
    <message>
        <source>No connection</source>
        <translation>Sem conexão</translation>
    </message>
</context>
<context>
    <name>DateField</name>
    <message>
        <source>dd/mm/yyyy</source>
        <translation>dd/mm/aaaa</translation>
    </message>
    <message>
        <source>Choose in a calendar</source>
        <translation>Escolher no calendário</translation>
    </message>
</context>
<context>
    <name>Desk</name>
    <message>
        <source>Password</source>
        <translation>Senha</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
    <message>
        <source>Your PIN opens your locked desk from now on.</source>
        <translation>Seu PIN abre o balcão bloqueado a partir de agora.</translation>
    </message>
    <message>
        <source>A form is still open. Save or close it first.</source>
        <translation>Há um formulário aberto. Salve ou feche antes.</translation>
    </message>
</context>
<context>
    <name>DeskCloser</name>
    <message>
        <source>All or nothing</source>
        <translation>Tudo ou nada</translation>
    </message>
</context>
<context>
    <name>Differences</name>
    <message>
        <source>amount</source>
        <translation>valor</translation>
    </message>
    <message>
        <source>description</source>
        <translation>descrição</translation>
    </message>
    <message>
        <source>category</source>
        <translation>categoria</translation>
    </message>
    <message>
        <source>method</source>
        <translation>forma</translation>
    </message>
    <message>
        <source>date</source>
        <translation>data</translation>
    </message>
    <message>
        <source>notes</source>
        <translation>observações</translation>
    </message>
    <message>
        <source>tip</source>
        <translation>gorjeta</translation>
    </message>
    <message>
        <source>client</source>
        <translation>cliente</translation>
    </message>
    <message>
        <source>artist</source>
        <translation>artista</translation>
    </message>
</context>
<context>
    <name>DisputeBox</name>
    <message>
        <source>Mine: {value}</source>
        <translation>Meu: {value}</translation>
    </message>
    <message>
        <source>Theirs: {value}</source>
        <translation>Da outra pessoa: {value}</translation>
    </message>
    <message>
        <source>yes</source>
        <translation>sim</translation>
    </message>
    <message>
        <source>no</source>
        <translation>não</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nada</translation>
    </message>
</context>
<context>
    <name>Duties</name>
    <message>
        <source>What</source>
        <translation>O quê</translation>
    </message>
    <message>
        <source>See clients</source>
        <translation>Ver clientes</translation>
    </message>
    <message>
        <source>Add and change clients</source>
        <translation>Cadastrar e alterar clientes</translation>
    </message>
    <message>
        <source>See health answers</source>
        <translation>Ver respostas de saúde</translation>
    </message>
    <message>
        <source>See the agenda</source>
        <translation>Ver a agenda</translation>
    </message>
    <message>
        <source>Book and move sessions</source>
        <translation>Marcar e mover sessões</translation>
    </message>
    <message>
        <source>Book over another session</source>
        <translation>Marcar por cima de outra sessão</translation>
    </message>
    <message>
        <source>See payments</source>
        <translation>Ver pagamentos</translation>
    </message>
    <message>
        <source>Take payments, give refunds</source>
        <translation>Receber e estornar pagamentos</translation>
    </message>
    <message>
        <source>Void payments</source>
        <translation>Anular pagamentos</translation>
    </message>
    <message>
        <source>Enter expenses</source>
        <translation>Lançar despesas</translation>
    </message>
    <message>
        <source>See commissions</source>
        <translation>Ver comissões</translation>
    </message>
    <message>
        <source>See extratos and reports</source>
        <translation>Ver extratos e relatórios</translation>
    </message>
    <message>
        <source>Close and reopen months</source>
        <translation>Fechar e reabrir meses</translation>
    </message>
    <message>
        <source>Change the team</source>
        <translation>Alterar a equipe</translation>
    </message>
    <message>
        <source>Change the studio&apos;s settings</source>
        <translation>Alterar as configurações do estúdio</translation>
    </message>
    <message>
        <source>Search the audit</source>
        <translation>Pesquisar a auditoria</translation>
    </message>
    <message>
        <source>Yes</source>
        <translation>Sim</translation>
    </message>
    <message>
        <source>Own only</source>
        <translation>Só o próprio</translation>
    </message>
</context>
<context>
    <name>EntriesController</name>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
    <message>
        <source>Clear filters</source>
        <translation>Limpar filtros</translation>
    </message>
    <message>
        <source>Booked: {entry}</source>
        <translation>Lançado: {entry}</translation>
    </message>
    <message>
        <source>Corrected: {entry}</source>
        <translation>Corrigido: {entry}</translation>
    </message>
    <message>
        <source>Voided: {entry}</source>
        <translation>Anulado: {entry}</translation>
    </message>
    <message>
        <source>Taken back: {entry}</source>
        <translation>Desfeito: {entry}</translation>
    </message>
    <message>
        <source>Undone right after booking</source>
        <translation>Desfeito logo após o lançamento</translation>
    </message>
</context>
<context>
    <name>EntriesScreen</name>
    <message>
        <source>Clear filters</source>
        <translation>Limpar filtros</translation>
    </message>
</context>
<context>
    <name>EntryWriting</name>
    <message>
        <source>Restored what you were typing.</source>
        <translation>O que você estava digitando foi recuperado.</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>Descartar</translation>
    </message>
    <message>
        <source>Saving voids the entry as it stands and books this one in its place.</source>
        <translation>Ao salvar, o lançamento atual é anulado e este entra no lugar dele.</translation>
    </message>
    <message>
        <source>Save</source>
        <translation>Salvar</translation>
    </message>
    <message>
        <source>The form was closed without saving.</source>
        <translation>O formulário foi fechado sem salvar.</translation>
    </message>
    <message>
        <source>The form was closed without an answer: look whether it is booked.</source>
        <translation>O formulário foi fechado sem resposta: confira na lista se foi lançado.</translation>
    </message>
    <message>
        <source>The first try was booked after all, as {amount}. Save once more to correct it.</source>
        <translation>A primeira tentativa foi lançada, com {amount}. Salve mais uma vez para corrigir.</translation>
    </message>
    <message>
        <source>Somebody changed this meanwhile: {changes}.</source>
        <translation>Alguém alterou isto enquanto isso: {changes}.</translation>
    </message>
    <message>
        <source>nothing that shows here</source>
        <translation>nada que apareça aqui</translation>
    </message>
    <message>
        <source>Take that over</source>
        <translation>Aceitar a alteração</translation>
    </message>
    <message>
        <source>What you typed is kept; trying again never books it twice.</source>
        <translation>O que você digitou está guardado; tentar de novo nunca lança duas vezes.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
</context>
<context>
    <name>ExpenseColumns</name>
    <message>
        <source>Date</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descrição</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Categoria</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Observações</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Voided: {reason}</source>
        <translation>Anulado: {reason}</translation>
    </message>
</context>
<context>
    <name>ExpenseDetail</name>
    <message>
        <source>Correct</source>
        <translation>Corrigir</translation>
    </message>
    <message>
        <source>Void</source>
        <translation>Anular</translation>
    </message>
    <message>
        <source>Voided</source>
        <translation>Anulado</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descrição</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Observações</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>Origem</translation>
    </message>
    <message>
        <source>Brought from the old system</source>
        <translation>Trazido do sistema antigo</translation>
    </message>
</context>
<context>
    <name>ExpenseForm</name>
    <message>
        <source>What the money was spent on</source>
        <translation>Em que o dinheiro foi gasto</translation>
    </message>
    <message>
        <source>Type or choose</source>
        <translation>Digite ou escolha</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>Description</source>
        <translation>Descrição</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Categoria</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Observações</translation>
    </message>
</context>
<context>
    <name>ExpenseWriting</name>
    <message>
        <source>Correct expense</source>
        <translation>Corrigir gasto</translation>
    </message>
    <message>
        <source>New expense</source>
        <translation>Novo gasto</translation>
    </message>
</context>
<context>
    <name>ExpensesController</name>
    <message>
        <source>1 expense</source>
        <translation>1 gasto</translation>
    </message>
    <message>
        <source>{count} expenses</source>
        <translation>{count} gastos</translation>
    </message>
    <message>
        <source>{month} is closed. Its expenses stand in its extrato.</source>
        <translation>{month} está fechado. Os gastos estão no extrato.</translation>
    </message>
    <message>
        <source>No expense fits what you are looking for.</source>
        <translation>Nenhum gasto corresponde à busca.</translation>
    </message>
    <message>
        <source>There are no expenses yet.</source>
        <translation>Ainda não há gastos.</translation>
    </message>
    <message>
        <source>No expenses in {month}.</source>
        <translation>Nenhum gasto em {month}.</translation>
    </message>
    <message>
        <source>Expense {number}</source>
        <translation>Gasto {number}</translation>
    </message>
    <message>
        <source>{expense} stays in the list, struck, and counts nothing.</source>
        <translation>{expense} continua na lista, riscado, e não conta mais.</translation>
    </message>
    <message>
        <source>Void this expense?</source>
        <translation>Anular este gasto?</translation>
    </message>
    <message>
        <source>Void the expense</source>
        <translation>Anular o gasto</translation>
    </message>
</context>
<context>
    <name>ExpensesView</name>
    <message>
        <source>Expenses</source>
        <translation>Gastos</translation>
    </message>
    <message>
        <source>New expense</source>
        <translation>Novo gasto</translation>
    </message>
    <message>
        <source>Category</source>
        <translation>Categoria</translation>
    </message>
    <message>
        <source>Every category</source>
        <translation>Todas as categorias</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Every method</source>
        <translation>Todas as formas</translation>
    </message>
    <message>
        <source>Search description or notes…</source>
        <translation>Buscar descrição ou observações…</translation>
    </message>
</context>
<context>
    <name>ExtratosController</name>
    <message>
        <source>{month} is closed. Its extrato is ready.</source>
        <translation>{month} está fechado. O extrato está pronto.</translation>
    </message>
    <message>
        <source>{month} is open again.</source>
        <translation>{month} está aberto de novo.</translation>
    </message>
    <message>
        <source>The digest is copied.</source>
        <translation>Código de verificação copiado.</translation>
    </message>
</context>
<context>
    <name>ExtratosView</name>
    <message>
        <source>Close again</source>
        <translation>Fechar de novo</translation>
    </message>
    <message>
        <source>Reopen</source>
        <translation>Reabrir</translation>
    </message>
    <message>
        <source>Months</source>
        <translation>Meses</translation>
    </message>
    <message>
        <source>No month is closed yet. A month can be closed here when it is over.</source>
        <translation>Nenhum mês foi fechado ainda. Um mês pode ser fechado aqui quando terminar.</translation>
    </message>
    <message>
        <source>See the running month</source>
        <translation>Ver o mês em andamento</translation>
    </message>
    <message>
        <source>Extrato of {month}</source>
        <translation>Extrato de {month}</translation>
    </message>
    <message>
        <source>Entries of this month came after it was closed.</source>
        <translation>Chegaram lançamentos deste mês depois do fechamento.</translation>
    </message>
    <message>
        <source>This month still runs. It can be closed from {day}.</source>
        <translation>Este mês ainda está em andamento. Pode ser fechado a partir de {day}.</translation>
    </message>
    <message>
        <source>Extratos</source>
        <translation>Extratos</translation>
    </message>
    <message>
        <source>{n} months closed</source>
        <translation>{n} meses fechados</translation>
    </message>
    <message>
        <source>1 month closed</source>
        <translation>1 mês fechado</translation>
    </message>
    <message>
        <source>{n} ready to close</source>
        <translation>{n} a fechar</translation>
    </message>
    <message>
        <source>Close {month}</source>
        <translation>Fechar {month}</translation>
    </message>
    <message>
        <source>Close month</source>
        <translation>Fechar mês</translation>
    </message>
    <message>
        <source>over, ready to close</source>
        <translation>terminado, pronto para fechar</translation>
    </message>
    <message>
        <source>still running</source>
        <translation>em andamento</translation>
    </message>
    <message>
        <source>totals as of this moment</source>
        <translation>totais deste momento</translation>
    </message>
    <message>
        <source>closed on {when}</source>
        <translation>fechado em {when}</translation>
    </message>
    <message>
        <source>brought over from the old system</source>
        <translation>trazido do sistema antigo</translation>
    </message>
    <message>
        <source>without a backup</source>
        <translation>sem backup</translation>
    </message>
    <message>
        <source>backup of {when} checked</source>
        <translation>backup de {when} conferido</translation>
    </message>
    <message>
        <source>closed again</source>
        <translation>fechado de novo</translation>
    </message>
    <message>
        <source>Version {number} was replaced on {when}: {reason}</source>
        <translation>A versão {number} foi substituída em {when}: {reason}</translation>
    </message>
    <message>
        <source>Last try ({when}): {reason}</source>
        <translation>Última tentativa ({when}): {reason}</translation>
    </message>
</context>
<context>
    <name>Field</name>
    <message>
        <source>required</source>
        <translation>obrigatório</translation>
    </message>
    <message>
        <source>{field}, required</source>
        <translation>{field}, obrigatório</translation>
    </message>
</context>
<context>
    <name>FigureRow</name>
    <message>
        <source>Gross revenue</source>
        <translation>Receita bruta</translation>
    </message>
    <message>
        <source>Commissions</source>
        <translation>Comissões</translation>
    </message>
    <message>
        <source>Expenses</source>
        <translation>Gastos</translation>
    </message>
    <message>
        <source>Net revenue</source>
        <translation>Receita líquida</translation>
    </message>
</context>
<context>
    <name>FirstStartController</name>
    <message>
        <source>Preparing the demo studio</source>
        <translation>Preparando o estúdio de demonstração</translation>
    </message>
    <message>
        <source>Setting up your studio</source>
        <translation>Montando o seu estúdio</translation>
    </message>
    <message>
        <source>{host} answers. Continue to sign in.</source>
        <translation>{host} responde. Continue para entrar.</translation>
    </message>
</context>
<context>
    <name>FirstStartPage</name>
    <message>
        <source>Starting the database</source>
        <translation>Ligando o banco de dados</translation>
    </message>
    <message>
        <source>Setting up the tables</source>
        <translation>Criando as tabelas</translation>
    </message>
    <message>
        <source>Inviting people</source>
        <translation>Convidando as pessoas</translation>
    </message>
    <message>
        <source>Filling the agenda</source>
        <translation>Preenchendo a agenda</translation>
    </message>
    <message>
        <source>Writing the books</source>
        <translation>Escrevendo os livros</translation>
    </message>
    <message>
        <source>Closing the months</source>
        <translation>Fechando os meses</translation>
    </message>
    <message>
        <source>Backing everything up before a newer database</source>
        <translation>Fazendo backup de tudo antes de um banco de dados mais novo</translation>
    </message>
    <message>
        <source>Moving everything into the newer database</source>
        <translation>Levando tudo para o banco de dados mais novo</translation>
    </message>
    <message>
        <source>Try the demo studio</source>
        <translation>Conhecer o estúdio de demonstração</translation>
    </message>
    <message>
        <source>Two years of invented clients and money, on this computer.</source>
        <translation>Dois anos de clientes e valores inventados, neste computador.</translation>
    </message>
    <message>
        <source>This computer only</source>
        <translation>Só este computador</translation>
    </message>
    <message>
        <source>Your own studio, kept safely here. No server needed.</source>
        <translation>O seu estúdio, guardado aqui com segurança. Sem servidor.</translation>
    </message>
    <message>
        <source>Connect to the studio&apos;s server</source>
        <translation>Conectar ao servidor do estúdio</translation>
    </message>
    <message>
        <source>Several computers work with the same data.</source>
        <translation>Vários computadores trabalham com os mesmos dados.</translation>
    </message>
    <message>
        <source>Welcome</source>
        <translation>Boas-vindas</translation>
    </message>
    <message>
        <source>Where is the studio&apos;s data?</source>
        <translation>Onde estão os dados do estúdio?</translation>
    </message>
</context>
<context>
    <name>FlagForm</name>
    <message>
        <source>Latex, nickel, faints easily…</source>
        <translation>Látex, níquel, desmaia fácil…</translation>
    </message>
    <message>
        <source>About</source>
        <translation>Sobre</translation>
    </message>
    <message>
        <source>How serious</source>
        <translation>Gravidade</translation>
    </message>
    <message>
        <source>What to know</source>
        <translation>O que saber</translation>
    </message>
    <message>
        <source>Add flag</source>
        <translation>Adicionar aviso</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
</context>
<context>
    <name>FlagLine</name>
    <message>
        <source>End this flag: {flag}</source>
        <translation>Encerrar este aviso: {flag}</translation>
    </message>
</context>
<context>
    <name>FlagSection</name>
    <message>
        <source>Add flag</source>
        <translation>Adicionar aviso</translation>
    </message>
    <message>
        <source>No flags.</source>
        <translation>Nenhum aviso.</translation>
    </message>
    <message>
        <source>Flags</source>
        <translation>Avisos</translation>
    </message>
</context>
<context>
    <name>Flagging</name>
    <message>
        <source>Flag added: {flag}</source>
        <translation>Aviso adicionado: {flag}</translation>
    </message>
    <message>
        <source>Flag ended: {flag}</source>
        <translation>Aviso encerrado: {flag}</translation>
    </message>
</context>
<context>
    <name>FormScreen</name>
    <message>
        <source>Save</source>
        <translation>Salvar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
</context>
<context>
    <name>FormWriting</name>
    <message>
        <source>Save</source>
        <translation>Salvar</translation>
    </message>
    <message>
        <source>The form was closed without saving.</source>
        <translation>O formulário foi fechado sem salvar.</translation>
    </message>
    <message>
        <source>The first try was saved after all. Save once more to change it.</source>
        <translation>A primeira tentativa tinha sido salva. Salve de novo para alterá-la.</translation>
    </message>
    <message>
        <source>What you typed is kept; trying again never saves it twice.</source>
        <translation>O que você digitou está guardado; tentar de novo nunca salva duas vezes.</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
</context>
<context>
    <name>Health</name>
    <message>
        <source>One thing is not well</source>
        <translation>Uma coisa não está bem</translation>
    </message>
    <message>
        <source>{n} things are not well</source>
        <translation>{n} coisas não estão bem</translation>
    </message>
    <message>
        <source>All is well, with one remark</source>
        <translation>Tudo bem, com uma ressalva</translation>
    </message>
    <message>
        <source>All is well, with {n} remarks</source>
        <translation>Tudo bem, com {n} ressalvas</translation>
    </message>
    <message>
        <source>All is well</source>
        <translation>Tudo bem</translation>
    </message>
    <message>
        <source>Looked at on {when}</source>
        <translation>Verificado em {when}</translation>
    </message>
    <message>
        <source>{who} on {computer}</source>
        <translation>{who} em {computer}</translation>
    </message>
    <message>
        <source>took {time}</source>
        <translation>levou {time}</translation>
    </message>
    <message>
        <source>asked for by {who}</source>
        <translation>pedido por {who}</translation>
    </message>
    <message>
        <source>Database schema</source>
        <translation>Esquema do banco</translation>
    </message>
    <message>
        <source>Backups</source>
        <translation>Backups</translation>
    </message>
    <message>
        <source>Closings</source>
        <translation>Fechamentos</translation>
    </message>
    <message>
        <source>Closed months untouched</source>
        <translation>Meses fechados intactos</translation>
    </message>
    <message>
        <source>Totals add up</source>
        <translation>Totais conferem</translation>
    </message>
    <message>
        <source>Alerts</source>
        <translation>Alertas</translation>
    </message>
    <message>
        <source>Disk space</source>
        <translation>Espaço em disco</translation>
    </message>
    <message>
        <source>OK</source>
        <translation>OK</translation>
    </message>
    <message>
        <source>Attention</source>
        <translation>Atenção</translation>
    </message>
    <message>
        <source>Not well</source>
        <translation>Problema</translation>
    </message>
</context>
<context>
    <name>HealthController</name>
    <message>
        <source>Whether the studio can rely on its data, looked at every day</source>
        <translation>Se o estúdio pode confiar nos seus dados, verificado todo dia</translation>
    </message>
    <message>
        <source>Looking at everything now…</source>
        <translation>Verificando tudo agora…</translation>
    </message>
    <message>
        <source>Asking the server to look…</source>
        <translation>Pedindo ao servidor que verifique…</translation>
    </message>
    <message>
        <source>{computer} is looking now…</source>
        <translation>{computer} está verificando agora…</translation>
    </message>
    <message>
        <source>No server answers. What you see was found at the last look. Start studio-jobs serve on the server; it then looks by itself.</source>
        <translation>Nenhum servidor responde. O que você vê é da última verificação. Inicie studio-jobs serve no servidor; ele então verifica sozinho.</translation>
    </message>
</context>
<context>
    <name>HealthSection</name>
    <message>
        <source>Look again</source>
        <translation>Verificar de novo</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>Saúde</translation>
    </message>
    <message>
        <source>Nobody has looked for more than a day. Is studio-jobs serve running on the server?</source>
        <translation>Ninguém verifica há mais de um dia. studio-jobs serve está em execução no servidor?</translation>
    </message>
    <message>
        <source>Nobody has looked at the studio&apos;s health yet.</source>
        <translation>Ninguém verificou a saúde do estúdio ainda.</translation>
    </message>
    <message>
        <source>Look now</source>
        <translation>Verificar agora</translation>
    </message>
</context>
<context>
    <name>HistoryLines</name>
    <message>
        <source>History</source>
        <translation>Histórico</translation>
    </message>
    <message>
        <source>Session</source>
        <translation>Sessão</translation>
    </message>
    <message>
        <source>Payment</source>
        <translation>Pagamento</translation>
    </message>
</context>
<context>
    <name>HistoryView</name>
    <message>
        <source>History</source>
        <translation>Histórico</translation>
    </message>
    <message>
        <source>Month</source>
        <translation>Mês</translation>
    </message>
    <message>
        <source>over, not yet closed</source>
        <translation>terminado, ainda não fechado</translation>
    </message>
    <message>
        <source>still running</source>
        <translation>em andamento</translation>
    </message>
    <message>
        <source>totals as of this moment</source>
        <translation>totais deste momento</translation>
    </message>
    <message>
        <source>Nothing is booked in {month} yet. Its payments and expenses add up here.</source>
        <translation>Ainda não há lançamentos em {month}. Os pagamentos e gastos serão somados aqui.</translation>
    </message>
    <message>
        <source>Go to Payments</source>
        <translation>Ir para Pagamentos</translation>
    </message>
    <message>
        <source>{month} is over and can be closed.</source>
        <translation>{month} terminou e pode ser fechado.</translation>
    </message>
    <message>
        <source>{n} months are over and can be closed.</source>
        <translation>{n} meses terminaram e podem ser fechados.</translation>
    </message>
    <message>
        <source>Close it in Extratos</source>
        <translation>Fechar em Extratos</translation>
    </message>
    <message>
        <source>An owner can do it.</source>
        <translation>Quem fecha é o dono ou a dona.</translation>
    </message>
</context>
<context>
    <name>ImportPage</name>
    <message>
        <source>Choose another file</source>
        <translation>Escolher outro arquivo</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Arquivo</translation>
    </message>
    <message>
        <source>Reading…</source>
        <translation>Lendo…</translation>
    </message>
    <message>
        <source>New clients</source>
        <translation>Novos clientes</translation>
    </message>
    <message>
        <source>Columns</source>
        <translation>Colunas</translation>
    </message>
    <message>
        <source>Not imported</source>
        <translation>Não importadas</translation>
    </message>
    <message>
        <source>… and {count} more</source>
        <translation>… e mais {count}</translation>
    </message>
    <message>
        <source>Import</source>
        <translation>Importar</translation>
    </message>
    <message>
        <source>Line {number}: {findings}</source>
        <translation>Linha {number}: {findings}</translation>
    </message>
    <message>
        <source>1 line is left out</source>
        <translation>1 linha fica de fora</translation>
    </message>
    <message>
        <source>{count} lines are left out</source>
        <translation>{count} linhas ficam de fora</translation>
    </message>
    <message>
        <source>Import the other {count}</source>
        <translation>Importar as outras {count}</translation>
    </message>
    <message>
        <source>Import {count}</source>
        <translation>Importar {count}</translation>
    </message>
</context>
<context>
    <name>Importing</name>
    <message>
        <source>Import clients</source>
        <translation>Importar clientes</translation>
    </message>
    <message>
        <source>Tables as text (*.csv *.txt *.tsv)</source>
        <translation>Tabelas em texto (*.csv *.txt *.tsv)</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>Todos os arquivos (*)</translation>
    </message>
    <message>
        <source>1 client imported</source>
        <translation>1 cliente importado</translation>
    </message>
    <message>
        <source>{count} clients imported</source>
        <translation>{count} clientes importados</translation>
    </message>
    <message>
        <source>{count} left out</source>
        <translation>{count} de fora</translation>
    </message>
</context>
<context>
    <name>KeysDialog</name>
    <message>
        <source>Keys</source>
        <translation>Teclas</translation>
    </message>
</context>
<context>
    <name>Labels</name>
    <message>
        <source>Cash</source>
        <translation>Dinheiro</translation>
    </message>
    <message>
        <source>Pix</source>
        <translation>Pix</translation>
    </message>
    <message>
        <source>Debit</source>
        <translation>Débito</translation>
    </message>
    <message>
        <source>Credit</source>
        <translation>Crédito</translation>
    </message>
    <message>
        <source>Transfer</source>
        <translation>Transferência</translation>
    </message>
    <message>
        <source>Other</source>
        <translation>Outros</translation>
    </message>
    <message>
        <source>Rent</source>
        <translation>Aluguel</translation>
    </message>
    <message>
        <source>Utilities</source>
        <translation>Água, luz e internet</translation>
    </message>
    <message>
        <source>Materials</source>
        <translation>Materiais</translation>
    </message>
    <message>
        <source>Equipment</source>
        <translation>Equipamentos</translation>
    </message>
    <message>
        <source>Marketing</source>
        <translation>Divulgação</translation>
    </message>
    <message>
        <source>Services</source>
        <translation>Serviços</translation>
    </message>
    <message>
        <source>Taxes</source>
        <translation>Impostos</translation>
    </message>
    <message>
        <source>Fees</source>
        <translation>Taxas</translation>
    </message>
    <message>
        <source>Cleaning</source>
        <translation>Limpeza</translation>
    </message>
    <message>
        <source>Food</source>
        <translation>Alimentação</translation>
    </message>
    <message>
        <source>Sale</source>
        <translation>Venda</translation>
    </message>
    <message>
        <source>Deposit</source>
        <translation>Sinal</translation>
    </message>
    <message>
        <source>Refund</source>
        <translation>Reembolso</translation>
    </message>
    <message>
        <source>Corrected</source>
        <translation>Corrigido</translation>
    </message>
    <message>
        <source>Owner</source>
        <translation>Dono(a)</translation>
    </message>
    <message>
        <source>Manager</source>
        <translation>Gerência</translation>
    </message>
    <message>
        <source>Reception</source>
        <translation>Recepção</translation>
    </message>
    <message>
        <source>Artist</source>
        <translation>Artista</translation>
    </message>
    <message>
        <source>Never signs in</source>
        <translation>Sem acesso</translation>
    </message>
    <message>
        <source>Writing the backup</source>
        <translation>Gravando o backup</translation>
    </message>
    <message>
        <source>Locking the month</source>
        <translation>Travando o mês</translation>
    </message>
    <message>
        <source>Checking the backup</source>
        <translation>Conferindo o backup</translation>
    </message>
    <message>
        <source>Archiving payments</source>
        <translation>Arquivando pagamentos</translation>
    </message>
    <message>
        <source>Archiving commissions</source>
        <translation>Arquivando comissões</translation>
    </message>
    <message>
        <source>Archiving expenses</source>
        <translation>Arquivando gastos</translation>
    </message>
    <message>
        <source>Archiving sessions</source>
        <translation>Arquivando sessões</translation>
    </message>
    <message>
        <source>Adding up and checking</source>
        <translation>Somando e conferindo</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Concluído</translation>
    </message>
    <message>
        <source>Walk-in</source>
        <translation>Cliente avulso</translation>
    </message>
</context>
<context>
    <name>LikenessWatch</name>
    <message>
        <source>Open {name}</source>
        <translation>Abrir {name}</translation>
    </message>
    <message>
        <source>Already a client? {clients}.</source>
        <translation>Já é cliente? {clients}.</translation>
    </message>
</context>
<context>
    <name>ListController</name>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
</context>
<context>
    <name>LockPage</name>
    <message>
        <source>Whose desk</source>
        <translation>Balcão de quem</translation>
    </message>
    <message>
        <source>A form is still open here.</source>
        <translation>Ainda há um formulário aberto aqui.</translation>
    </message>
    <message>
        <source>Unlock</source>
        <translation>Desbloquear</translation>
    </message>
    <message>
        <source>Somebody else</source>
        <translation>Outra pessoa</translation>
    </message>
    <message>
        <source>Unlocking…</source>
        <translation>Desbloqueando…</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Entrar de novo</translation>
    </message>
    <message>
        <source>Wait {time}.</source>
        <translation>Espere {time}.</translation>
    </message>
    <message>
        <source>Locked: {name}</source>
        <translation>Bloqueado: {name}</translation>
    </message>
    <message>
        <source>Caps Lock is on.</source>
        <translation>O Caps Lock está ligado.</translation>
    </message>
</context>
<context>
    <name>MonthBar</name>
    <message>
        <source>All extratos</source>
        <translation>Todos os extratos</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>Versão</translation>
    </message>
    <message>
        <source>Copy the digest</source>
        <translation>Copiar o código de verificação</translation>
    </message>
    <message>
        <source>Version {number}</source>
        <translation>Versão {number}</translation>
    </message>
    <message>
        <source>{version}, in force</source>
        <translation>{version}, em vigor</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>Aberto</translation>
    </message>
    <message>
        <source>Digest {digest}…</source>
        <translation>Verificação {digest}…</translation>
    </message>
</context>
<context>
    <name>MonthChip</name>
    <message>
        <source>Previous month (Alt+Left)</source>
        <translation>Mês anterior (Alt+Esquerda)</translation>
    </message>
    <message>
        <source>Next month (Alt+Right)</source>
        <translation>Próximo mês (Alt+Direita)</translation>
    </message>
    <message>
        <source>Month</source>
        <translation>Mês</translation>
    </message>
    <message>
        <source>All open months</source>
        <translation>Todos os meses abertos</translation>
    </message>
</context>
<context>
    <name>MonthsTable</name>
    <message>
        <source>Month</source>
        <translation>Mês</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Situação</translation>
    </message>
    <message>
        <source>Gross revenue</source>
        <translation>Receita bruta</translation>
    </message>
    <message>
        <source>Commissions</source>
        <translation>Comissões</translation>
    </message>
    <message>
        <source>Expenses</source>
        <translation>Gastos</translation>
    </message>
    <message>
        <source>Net revenue</source>
        <translation>Receita líquida</translation>
    </message>
    <message>
        <source>Closed on</source>
        <translation>Fechado em</translation>
    </message>
    <message>
        <source>Closing…</source>
        <translation>Fechando…</translation>
    </message>
    <message>
        <source>Running month</source>
        <translation>Mês em andamento</translation>
    </message>
    <message>
        <source>Ready to close</source>
        <translation>Pronto para fechar</translation>
    </message>
    <message>
        <source>Reopened</source>
        <translation>Reaberto</translation>
    </message>
    <message>
        <source>Closed</source>
        <translation>Fechado</translation>
    </message>
    <message>
        <source>Version {number}</source>
        <translation>Versão {number}</translation>
    </message>
    <message>
        <source>Late entries</source>
        <translation>Atrasados</translation>
    </message>
</context>
<context>
    <name>Names</name>
    <message>
        <source>Server</source>
        <translation>Servidor</translation>
    </message>
    <message>
        <source>Administrator</source>
        <translation>Administrador</translation>
    </message>
    <message>
        <source>Closing again</source>
        <translation>Novo fechamento</translation>
    </message>
    <message>
        <source>Closing</source>
        <translation>Fechamento</translation>
    </message>
    <message>
        <source>Reopening</source>
        <translation>Reabertura</translation>
    </message>
    <message>
        <source>Rehearsal</source>
        <translation>Ensaio</translation>
    </message>
    <message>
        <source>Running</source>
        <translation>Em andamento</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Concluído</translation>
    </message>
    <message>
        <source>Rehearsed</source>
        <translation>Ensaiado</translation>
    </message>
    <message>
        <source>Refused</source>
        <translation>Recusado</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>Cancelado</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>Falhou</translation>
    </message>
    <message>
        <source>Interrupted</source>
        <translation>Interrompido</translation>
    </message>
    <message>
        <source>Slow query</source>
        <translation>Consulta lenta</translation>
    </message>
    <message>
        <source>Closing failed</source>
        <translation>Fechamento falhou</translation>
    </message>
    <message>
        <source>Backup failed</source>
        <translation>Backup falhou</translation>
    </message>
    <message>
        <source>Trial restore failed</source>
        <translation>Restauração de teste falhou</translation>
    </message>
    <message>
        <source>Clean-up failed</source>
        <translation>A limpeza falhou</translation>
    </message>
    <message>
        <source>Slack does not answer</source>
        <translation>Slack não responde</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>Saúde</translation>
    </message>
    <message>
        <source>Health not looked at</source>
        <translation>Saúde não verificada</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testar</translation>
    </message>
</context>
<context>
    <name>Notifier</name>
    <message>
        <source>The program made a mistake. Nothing you typed is lost. If it happens again, tell us the number {reference}.</source>
        <translation>O programa cometeu um erro. Nada do que você digitou se perdeu. Se acontecer de novo, informe o número {reference}.</translation>
    </message>
</context>
<context>
    <name>OneTimePasswordDialog</name>
    <message>
        <source>One-time password for {name}</source>
        <translation>Senha provisória de {name}</translation>
    </message>
    <message>
        <source>Hand it over now: it is shown this once, and nobody can look it up later.</source>
        <translation>Entregue-a agora: ela aparece só desta vez e ninguém poderá consultá-la depois.</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Concluído</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>Copiar</translation>
    </message>
    <message>
        <source>One-time password</source>
        <translation>Senha provisória</translation>
    </message>
    <message>
        <source>It works once, until {when}. At the first sign-in they choose a password of their own.</source>
        <translation>Vale uma vez, até {when}. No primeiro acesso a pessoa escolhe a própria senha.</translation>
    </message>
</context>
<context>
    <name>PasswordField</name>
    <message>
        <source>Hide the password</source>
        <translation>Esconder a senha</translation>
    </message>
    <message>
        <source>Show the password</source>
        <translation>Mostrar a senha</translation>
    </message>
</context>
<context>
    <name>PasswordGiving</name>
    <message>
        <source>The password is copied.</source>
        <translation>A senha foi copiada.</translation>
    </message>
</context>
<context>
    <name>PasswordPage</name>
    <message>
        <source>Choose a password</source>
        <translation>Escolha uma senha</translation>
    </message>
    <message>
        <source>Change your password</source>
        <translation>Troque a sua senha</translation>
    </message>
    <message>
        <source>The one you came with was for once. Nobody but you knows the new one.</source>
        <translation>A que você usou valia uma vez só. A nova, só você conhece.</translation>
    </message>
    <message>
        <source>It is yours alone, on every computer of the studio.</source>
        <translation>Ela é só sua e vale em todos os computadores do estúdio.</translation>
    </message>
    <message>
        <source>Password until now</source>
        <translation>Senha atual</translation>
    </message>
    <message>
        <source>New password</source>
        <translation>Senha nova</translation>
    </message>
    <message>
        <source>Save the password</source>
        <translation>Salvar a senha</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Sair</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>At least {length} characters. A short sentence is easy to keep.</source>
        <translation>Pelo menos {length} caracteres. Uma frase curta é fácil de lembrar.</translation>
    </message>
    <message>
        <source>Too easy to guess so far.</source>
        <translation>Ainda fácil de adivinhar.</translation>
    </message>
    <message>
        <source>Good.</source>
        <translation>Boa.</translation>
    </message>
    <message>
        <source>Very good.</source>
        <translation>Muito boa.</translation>
    </message>
    <message>
        <source>Type the password you use now.</source>
        <translation>Digite a senha que você usa hoje.</translation>
    </message>
    <message>
        <source>Type a new password.</source>
        <translation>Digite uma senha nova.</translation>
    </message>
</context>
<context>
    <name>PaymentColumns</name>
    <message>
        <source>Date</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Cliente</translation>
    </message>
    <message>
        <source>Artist</source>
        <translation>Artista</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Observações</translation>
    </message>
    <message>
        <source>Tip</source>
        <translation>Gorjeta</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Voided: {reason}</source>
        <translation>Anulado: {reason}</translation>
    </message>
</context>
<context>
    <name>PaymentDetail</name>
    <message>
        <source>Correct</source>
        <translation>Corrigir</translation>
    </message>
    <message>
        <source>Refund</source>
        <translation>Reembolsar</translation>
    </message>
    <message>
        <source>Void</source>
        <translation>Anular</translation>
    </message>
    <message>
        <source>Voided</source>
        <translation>Anulado</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Cliente</translation>
    </message>
    <message>
        <source>Artist</source>
        <translation>Artista</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>Tip</source>
        <translation>Gorjeta</translation>
    </message>
    <message>
        <source>Commission</source>
        <translation>Comissão</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Observações</translation>
    </message>
    <message>
        <source>Origin</source>
        <translation>Origem</translation>
    </message>
    <message>
        <source>Brought from the old system</source>
        <translation>Trazido do sistema antigo</translation>
    </message>
</context>
<context>
    <name>PaymentForm</name>
    <message>
        <source>Type or choose</source>
        <translation>Digite ou escolha</translation>
    </message>
    <message>
        <source>Name, phone or CPF; empty for a walk-in</source>
        <translation>Nome, telefone ou CPF; vazio para avulso</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Artist</source>
        <translation>Artista</translation>
    </message>
    <message>
        <source>Client</source>
        <translation>Cliente</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>Data</translation>
    </message>
    <message>
        <source>Tip</source>
        <translation>Gorjeta</translation>
    </message>
    <message>
        <source>Notes</source>
        <translation>Observações</translation>
    </message>
    <message>
        <source>Choose the client from the list, or leave it empty for a walk-in.</source>
        <translation>Escolha o cliente na lista ou deixe vazio para um avulso.</translation>
    </message>
    <message>
        <source>No commission</source>
        <translation>Sem comissão</translation>
    </message>
    <message>
        <source>Commission {percent}</source>
        <translation>Comissão {percent}</translation>
    </message>
</context>
<context>
    <name>PaymentWriting</name>
    <message>
        <source>Correct payment</source>
        <translation>Corrigir pagamento</translation>
    </message>
    <message>
        <source>New payment</source>
        <translation>Novo pagamento</translation>
    </message>
</context>
<context>
    <name>PaymentsController</name>
    <message>
        <source>1 payment</source>
        <translation>1 pagamento</translation>
    </message>
    <message>
        <source>{count} payments</source>
        <translation>{count} pagamentos</translation>
    </message>
    <message>
        <source>tips {amount}</source>
        <translation>gorjetas {amount}</translation>
    </message>
    <message>
        <source>{month} is closed. Its payments stand in its extrato.</source>
        <translation>{month} está fechado. Os pagamentos estão no extrato.</translation>
    </message>
    <message>
        <source>No payment fits what you are looking for.</source>
        <translation>Nenhum pagamento corresponde à busca.</translation>
    </message>
    <message>
        <source>There are no payments yet.</source>
        <translation>Ainda não há pagamentos.</translation>
    </message>
    <message>
        <source>No payments in {month}.</source>
        <translation>Nenhum pagamento em {month}.</translation>
    </message>
    <message>
        <source>Payment {number}</source>
        <translation>Pagamento {number}</translation>
    </message>
    <message>
        <source>{payment} stays in the list, struck, and counts nothing.</source>
        <translation>{payment} continua na lista, riscado, e não conta mais.</translation>
    </message>
    <message>
        <source>Void this payment?</source>
        <translation>Anular este pagamento?</translation>
    </message>
    <message>
        <source>Void the payment</source>
        <translation>Anular o pagamento</translation>
    </message>
    <message>
        <source>Received: {entry}</source>
        <translation>Recebido: {entry}</translation>
    </message>
    <message>
        <source>Given back: {entry}</source>
        <translation>Devolvido: {entry}</translation>
    </message>
</context>
<context>
    <name>PaymentsView</name>
    <message>
        <source>Payments</source>
        <translation>Pagamentos</translation>
    </message>
    <message>
        <source>New payment</source>
        <translation>Novo pagamento</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Every method</source>
        <translation>Todas as formas</translation>
    </message>
    <message>
        <source>Artist</source>
        <translation>Artista</translation>
    </message>
    <message>
        <source>Every artist</source>
        <translation>Todos os artistas</translation>
    </message>
    <message>
        <source>Search client, artist or notes…</source>
        <translation>Buscar cliente, artista ou observações…</translation>
    </message>
</context>
<context>
    <name>PersonDetail</name>
    <message>
        <source>New one-time password</source>
        <translation>Nova senha provisória</translation>
    </message>
    <message>
        <source>Edit</source>
        <translation>Editar</translation>
    </message>
    <message>
        <source>Let them go</source>
        <translation>Desligar</translation>
    </message>
    <message>
        <source>Take back on</source>
        <translation>Readmitir</translation>
    </message>
</context>
<context>
    <name>PersonForm</name>
    <message>
        <source>First and last name</source>
        <translation>Nome e sobrenome</translation>
    </message>
    <message>
        <source>Tattoos or pierces here</source>
        <translation>Tatua ou faz piercing aqui</translation>
    </message>
    <message>
        <source>Percent of each payment</source>
        <translation>Por cento de cada pagamento</translation>
    </message>
    <message>
        <source>They sign in with it.</source>
        <translation>É com ele que a pessoa entra.</translation>
    </message>
</context>
<context>
    <name>PersonWriting</name>
    <message>
        <source>New person</source>
        <translation>Nova pessoa</translation>
    </message>
    <message>
        <source>Somebody else changed this person meanwhile. Look once more, and save.</source>
        <translation>Outra pessoa alterou este cadastro nesse meio-tempo. Confira e salve.</translation>
    </message>
</context>
<context>
    <name>PinDialog</name>
    <message>
        <source>PIN for the locked desk</source>
        <translation>PIN do balcão bloqueado</translation>
    </message>
    <message>
        <source>You sign in with Google; a PIN opens your locked desk without the browser.</source>
        <translation>Você entra com o Google; um PIN abre o seu balcão bloqueado sem o navegador.</translation>
    </message>
    <message>
        <source>Save the PIN</source>
        <translation>Salvar o PIN</translation>
    </message>
    <message>
        <source>{shortest} to {longest} digits</source>
        <translation>{shortest} a {longest} dígitos</translation>
    </message>
    <message>
        <source>PIN</source>
        <translation>PIN</translation>
    </message>
    <message>
        <source>The same once more</source>
        <translation>O mesmo de novo</translation>
    </message>
    <message>
        <source>The two are not the same.</source>
        <translation>Os dois não são iguais.</translation>
    </message>
</context>
<context>
    <name>ProgressCard</name>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>{done} of {total} rows</source>
        <translation>{done} de {total} registros</translation>
    </message>
    <message>
        <source>about {time} left</source>
        <translation>cerca de {time}</translation>
    </message>
    <message>
        <source>Stopping at the next safe place…</source>
        <translation>Parando no próximo ponto seguro…</translation>
    </message>
</context>
<context>
    <name>Rail</name>
    <message>
        <source>Screens</source>
        <translation>Telas</translation>
    </message>
    <message>
        <source>Fold the rail</source>
        <translation>Recolher o menu</translation>
    </message>
    <message>
        <source>{n} waiting</source>
        <translation>{n} à espera</translation>
    </message>
    <message>
        <source>Unfold the rail</source>
        <translation>Abrir o menu</translation>
    </message>
</context>
<context>
    <name>ReasonDialog</name>
    <message>
        <source>Typed twice, wrong client, …</source>
        <translation>Digitado duas vezes, cliente errado…</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
</context>
<context>
    <name>RefundDialog</name>
    <message>
        <source>{amount} received on {day} · {client}</source>
        <translation>{amount} recebidos em {day} · {client}</translation>
    </message>
    <message>
        <source>Refund</source>
        <translation>Reembolsar</translation>
    </message>
    <message>
        <source>Give back</source>
        <translation>Devolver</translation>
    </message>
    <message>
        <source>Amount</source>
        <translation>Valor</translation>
    </message>
    <message>
        <source>Method</source>
        <translation>Forma</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
</context>
<context>
    <name>ReopenDialog</name>
    <message>
        <source>Reopen {month}?</source>
        <translation>Reabrir {month}?</translation>
    </message>
    <message>
        <source>Its payments, commissions and expenses become open entries again, which can be corrected. Version {version} of the extrato stays on record.</source>
        <translation>Os pagamentos, comissões e gastos voltam a ser lançamentos abertos, que podem ser corrigidos. A versão {version} do extrato fica registrada.</translation>
    </message>
    <message>
        <source>Reopen month</source>
        <translation>Reabrir mês</translation>
    </message>
    <message>
        <source>A payment was booked in the wrong month, …</source>
        <translation>Um pagamento foi lançado no mês errado…</translation>
    </message>
    <message>
        <source>Reason</source>
        <translation>Motivo</translation>
    </message>
    <message>
        <source>Stands beside the old version for good.</source>
        <translation>Fica para sempre ao lado da versão antiga.</translation>
    </message>
</context>
<context>
    <name>RunColumns</name>
    <message>
        <source>Started</source>
        <translation>Início</translation>
    </message>
    <message>
        <source>Month</source>
        <translation>Mês</translation>
    </message>
    <message>
        <source>What</source>
        <translation>O quê</translation>
    </message>
    <message>
        <source>State</source>
        <translation>Situação</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Quem</translation>
    </message>
    <message>
        <source>Message</source>
        <translation>Mensagem</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Duração</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>Lote</translation>
    </message>
</context>
<context>
    <name>RunDetail</name>
    <message>
        <source>Correlation id</source>
        <translation>ID de correlação</translation>
    </message>
    <message>
        <source>Copy the correlation id</source>
        <translation>Copiar o ID de correlação</translation>
    </message>
    <message>
        <source>What it changed</source>
        <translation>O que mudou</translation>
    </message>
    <message>
        <source>Show in the audit</source>
        <translation>Ver na auditoria</translation>
    </message>
    <message>
        <source>Its program ended without a word. Nothing was moved.</source>
        <translation>O programa terminou sem avisar. Nada foi movido.</translation>
    </message>
    <message>
        <source>Who</source>
        <translation>Quem</translation>
    </message>
    <message>
        <source>Asked for by</source>
        <translation>Pedido por</translation>
    </message>
    <message>
        <source>Started</source>
        <translation>Início</translation>
    </message>
    <message>
        <source>Ended</source>
        <translation>Fim</translation>
    </message>
    <message>
        <source>Took</source>
        <translation>Duração</translation>
    </message>
    <message>
        <source>Rows</source>
        <translation>Registros</translation>
    </message>
    <message>
        <source>Batch size</source>
        <translation>Tamanho do lote</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>Execução</translation>
    </message>
    <message>
        <source>Nothing was changed under this run&apos;s correlation id.</source>
        <translation>Nada foi alterado sob o ID de correlação desta execução.</translation>
    </message>
    <message>
        <source>{done} of {total} rows</source>
        <translation>{done} de {total} registros</translation>
    </message>
</context>
<context>
    <name>RunsController</name>
    <message>
        <source>Every run did what it was meant to.</source>
        <translation>Toda execução fez o que devia.</translation>
    </message>
    <message>
        <source>No month was closed yet. Closings stand here, whoever does them.</source>
        <translation>Nenhum mês foi fechado ainda. Os fechamentos aparecem aqui, feitos por quem for.</translation>
    </message>
    <message>
        <source>{month} is being closed right now</source>
        <translation>{month} está sendo fechado agora</translation>
    </message>
    <message>
        <source>The last run was on {when}</source>
        <translation>A última execução foi em {when}</translation>
    </message>
    <message>
        <source>The correlation id is copied.</source>
        <translation>O ID de correlação foi copiado.</translation>
    </message>
</context>
<context>
    <name>RunsSection</name>
    <message>
        <source>Runs</source>
        <translation>Execuções</translation>
    </message>
    <message>
        <source>Which runs</source>
        <translation>Quais execuções</translation>
    </message>
    <message>
        <source>All</source>
        <translation>Todos</translation>
    </message>
    <message>
        <source>Closings</source>
        <translation>Fechamentos</translation>
    </message>
    <message>
        <source>Reopenings</source>
        <translation>Reaberturas</translation>
    </message>
    <message>
        <source>Rehearsals</source>
        <translation>Ensaios</translation>
    </message>
    <message>
        <source>With trouble</source>
        <translation>Com problema</translation>
    </message>
</context>
<context>
    <name>SearchBox</name>
    <message>
        <source>Search</source>
        <translation>Buscar</translation>
    </message>
</context>
<context>
    <name>Sentences</name>
    <message>
        <source>Type an amount.</source>
        <translation>Digite um valor.</translation>
    </message>
    <message>
        <source>The amount cannot be negative. To give money back, record a refund.</source>
        <translation>O valor não pode ser negativo. Para devolver dinheiro, registre um reembolso.</translation>
    </message>
    <message>
        <source>The amount must be more than zero.</source>
        <translation>O valor precisa ser maior que zero.</translation>
    </message>
    <message>
        <source>“{text}” is not an amount. Type it like 1.234,56 or 1234.56.</source>
        <translation>“{text}” não é um valor. Digite como 1.234,56 ou 1234.56.</translation>
    </message>
    <message>
        <source>An amount has at most two decimals: “{text}” has more.</source>
        <translation>Um valor tem no máximo duas casas decimais: “{text}” tem mais.</translation>
    </message>
    <message>
        <source>The thousands in “{text}” are not grouped by three. Type it like 1.234,56.</source>
        <translation>Os milhares em “{text}” não estão em grupos de três. Digite como 1.234,56.</translation>
    </message>
    <message>
        <source>The amount is larger than the books can hold (9.999.999.999,99).</source>
        <translation>O valor é maior do que os livros comportam (9.999.999.999,99).</translation>
    </message>
    <message>
        <source>A percentage is a number from 0 to 100.</source>
        <translation>Uma porcentagem é um número de 0 a 100.</translation>
    </message>
    <message>
        <source>“{text}” is not a month. Type it like 2025-09.</source>
        <translation>“{text}” não é um mês. Digite como 2025-09.</translation>
    </message>
    <message>
        <source>The year must be between 2000 and 2100.</source>
        <translation>O ano precisa estar entre 2000 e 2100.</translation>
    </message>
    <message>
        <source>The month must be a number from 1 to 12.</source>
        <translation>O mês precisa ser um número de 1 a 12.</translation>
    </message>
    <message>
        <source>Give both --year and --month, or neither for last month.</source>
        <translation>Informe --year e --month, ou nenhum para o mês passado.</translation>
    </message>
    <message>
        <source>The month {month} is closed. Date the entry in an open month, or reopen it.</source>
        <translation>O mês {month} está fechado. Use uma data de um mês aberto ou reabra o mês.</translation>
    </message>
    <message>
        <source>The month {month} is being closed right now. Try again in a moment.</source>
        <translation>O mês {month} está sendo fechado agora. Tente de novo daqui a pouco.</translation>
    </message>
    <message>
        <source>The month {month} is not over yet, so it cannot be closed.</source>
        <translation>O mês {month} ainda não terminou, por isso não pode ser fechado.</translation>
    </message>
    <message>
        <source>The month {month} is already closed. Use force to close it again.</source>
        <translation>O mês {month} já está fechado. Para fechar de novo, force o fechamento.</translation>
    </message>
    <message>
        <source>The month {month} is not closed, so there is nothing to reopen.</source>
        <translation>O mês {month} não está fechado, então não há o que reabrir.</translation>
    </message>
    <message>
        <source>The month {month} is in use by {who}. Try again when that is finished.</source>
        <translation>O mês {month} está em uso por {who}. Tente de novo quando terminar.</translation>
    </message>
    <message>
        <source>A closing of {month} is already running.</source>
        <translation>Já há um fechamento de {month} em andamento.</translation>
    </message>
    <message>
        <source>A closing must be finished in one piece; half a month is never saved.</source>
        <translation>Um fechamento termina por inteiro; meio mês nunca é salvo.</translation>
    </message>
    <message>
        <source>What left the month {month} is not what arrived ({table}). Nothing was moved.</source>
        <translation>O que saiu do mês {month} não é o que chegou ({table}). Nada foi movido.</translation>
    </message>
    <message>
        <source>A month after {month} is closed already.</source>
        <translation>Um mês posterior a {month} já está fechado.</translation>
    </message>
    <message>
        <source>The closing was cancelled. Nothing was moved.</source>
        <translation>O fechamento foi cancelado. Nada foi movido.</translation>
    </message>
    <message>
        <source>There is no extrato of {month}.</source>
        <translation>Não há extrato de {month}.</translation>
    </message>
    <message>
        <source>The extrato of {month} has no version {version}.</source>
        <translation>O extrato de {month} não tem a versão {version}.</translation>
    </message>
    <message>
        <source>Say why, in a few words.</source>
        <translation>Diga o motivo, em poucas palavras.</translation>
    </message>
    <message>
        <source>The month {month} has no backup. Make one first: backup create.</source>
        <translation>O mês {month} não tem backup. Faça um antes: backup create.</translation>
    </message>
    <message>
        <source>The backup {name} cannot be read: {reason}. Make a new one.</source>
        <translation>O backup {name} não pode ser lido: {reason}. Faça um novo.</translation>
    </message>
    <message>
        <source>The backup {name} is damaged ({reason}). Make a new one.</source>
        <translation>O backup {name} está danificado ({reason}). Faça um novo.</translation>
    </message>
    <message>
        <source>The backup {name} is not what the month {month} holds now ({table}). Make a new one.</source>
        <translation>O backup {name} não é o que o mês {month} contém agora ({table}). Faça um novo.</translation>
    </message>
    <message>
        <source>Somebody changed the month {month} while its backup was written. Nothing was moved; close it once more.</source>
        <translation>Alguém alterou o mês {month} enquanto o backup era gravado. Nada foi movido; feche-o mais uma vez.</translation>
    </message>
    <message>
        <source>The backup {name} is of {found}, not of {month}.</source>
        <translation>O backup {name} é de {found}, não de {month}.</translation>
    </message>
    <message>
        <source>Rows of the month {month} stand in this database already. Restore into an empty one.</source>
        <translation>Este banco já tem registros do mês {month}. Restaure em um banco vazio.</translation>
    </message>
    <message>
        <source>People of another studio stand in this database under the same numbers as those of {name}. Restore into an empty one.</source>
        <translation>Este banco já tem pessoas de outro estúdio com os mesmos números que as de {name}. Restaure em um banco vazio.</translation>
    </message>
    <message>
        <source>The backup {name} was made by another version of the program ({found}, here {expected}).</source>
        <translation>O backup {name} foi feito por outra versão do programa ({found}, aqui {expected}).</translation>
    </message>
    <message>
        <source>The backup {name} is not the file on record: it is another backup, or was made anew.</source>
        <translation>O backup {name} não é o arquivo registrado: é outro backup ou foi feito de novo.</translation>
    </message>
    <message>
        <source>The backup was cancelled. Nothing is left of it.</source>
        <translation>O backup foi cancelado. Não sobrou nada dele.</translation>
    </message>
    <message>
        <source>There is no backup of the whole database yet. Make one first: backup full.</source>
        <translation>Ainda não há backup do banco de dados inteiro. Faça um primeiro: backup full.</translation>
    </message>
    <message>
        <source>A backup of the whole database is being made already.</source>
        <translation>Um backup do banco de dados inteiro já está sendo feito.</translation>
    </message>
    <message>
        <source>The login {login} may not back up the whole database. Run studio-jobs migrate with ADMIN_DATABASE_URL and DATABASE_URL set.</source>
        <translation>O login {login} não pode fazer backup do banco de dados inteiro. Execute studio-jobs migrate com ADMIN_DATABASE_URL e DATABASE_URL definidas.</translation>
    </message>
    <message>
        <source>The table {table} is not the program&apos;s own, and the backup may not read it. Grant studio_backup SELECT on it and USAGE on its schema, or keep it elsewhere.</source>
        <translation>A tabela {table} não é do programa, e o backup não pode lê-la. Dê a studio_backup SELECT nela e USAGE no seu esquema, ou guarde-a em outro lugar.</translation>
    </message>
    <message>
        <source>The backups cannot be copied: {path} is not there. Connect that disk, or change BACKUP_COPY_DIR.</source>
        <translation>Os backups não podem ser copiados: {path} não está lá. Conecte esse disco ou mude BACKUP_COPY_DIR.</translation>
    </message>
    <message>
        <source>The copy of the backup {name} in {path} is not what was written. That disk may be failing.</source>
        <translation>A cópia do backup {name} em {path} não é o que foi gravado. Esse disco pode estar falhando.</translation>
    </message>
    <message>
        <source>The backup {name} is not as it was made, and was not copied.</source>
        <translation>O backup {name} não está como foi feito e não foi copiado.</translation>
    </message>
    <message>
        <source>The trial restore of {name} failed. {reason}</source>
        <translation>A restauração de teste de {name} falhou. {reason}</translation>
    </message>
    <message>
        <source>What was restored from {name} is not what was backed up ({tables}).</source>
        <translation>O que foi restaurado de {name} não é o que foi salvo ({tables}).</translation>
    </message>
    <message>
        <source>{count} logins restored from {name} are not what was backed up.</source>
        <translation>{count} logins restaurados de {name} não são o que foi salvo.</translation>
    </message>
    <message>
        <source>The database {database} is in use. Restore into an empty one, or into a new one: name it in ADMIN_DATABASE_URL, and it is made.</source>
        <translation>O banco de dados {database} está em uso. Restaure em um vazio ou em um novo: indique-o em ADMIN_DATABASE_URL e ele será criado.</translation>
    </message>
    <message>
        <source>The login {login} is no administrator (superuser) of the server, as a restore with all its roles needs. Name one in ADMIN_DATABASE_URL.</source>
        <translation>O login {login} não é administrador (superusuário) do servidor, como exige uma restauração com todos os papéis. Indique um em ADMIN_DATABASE_URL.</translation>
    </message>
    <message>
        <source>The login {login} is no administrator (superuser) of the server, as setting a database up needs. Name one in ADMIN_DATABASE_URL.</source>
        <translation>O login {login} não é administrador (superusuário) do servidor, como exige a preparação de um banco de dados. Indique um em ADMIN_DATABASE_URL.</translation>
    </message>
    <message>
        <source>The backup comes from PostgreSQL {needed}, the server is {found}. Restore it on {needed} or newer.</source>
        <translation>O backup vem do PostgreSQL {needed}, o servidor é {found}. Restaure-o no {needed} ou mais novo.</translation>
    </message>
    <message>
        <source>{program} did not succeed: {reason}.</source>
        <translation>{program} não teve sucesso: {reason}.</translation>
    </message>
    <message>
        <source>The disk is full: {path}. Free some room and try again.</source>
        <translation>O disco está cheio: {path}. Libere espaço e tente de novo.</translation>
    </message>
    <message>
        <source>Cannot write to {path}: {reason}.</source>
        <translation>Não é possível gravar em {path}: {reason}.</translation>
    </message>
    <message>
        <source>That payment does not exist any more.</source>
        <translation>Esse pagamento não existe mais.</translation>
    </message>
    <message>
        <source>That expense does not exist any more.</source>
        <translation>Esse gasto não existe mais.</translation>
    </message>
    <message>
        <source>That client does not exist any more.</source>
        <translation>Esse cliente não existe mais.</translation>
    </message>
    <message>
        <source>Choose an artist.</source>
        <translation>Escolha um artista.</translation>
    </message>
    <message>
        <source>That entry is already voided.</source>
        <translation>Esse lançamento já foi anulado.</translation>
    </message>
    <message>
        <source>An entry brought from the old system cannot be corrected; void it instead.</source>
        <translation>Um lançamento trazido do sistema antigo não pode ser corrigido; anule-o.</translation>
    </message>
    <message>
        <source>This was already booked, and its month has been closed since.</source>
        <translation>Isto já foi lançado, e o mês foi fechado depois.</translation>
    </message>
    <message>
        <source>This request was already used for something else. Start again.</source>
        <translation>Este pedido já foi usado para outra coisa. Comece de novo.</translation>
    </message>
    <message>
        <source>Say what the money was spent on.</source>
        <translation>Diga em que o dinheiro foi gasto.</translation>
    </message>
    <message>
        <source>Type a name.</source>
        <translation>Digite um nome.</translation>
    </message>
    <message>
        <source>Choose how it was paid.</source>
        <translation>Escolha a forma de pagamento.</translation>
    </message>
    <message>
        <source>Choose a category.</source>
        <translation>Escolha uma categoria.</translation>
    </message>
    <message>
        <source>Type a date.</source>
        <translation>Digite uma data.</translation>
    </message>
    <message>
        <source>The date is in the future.</source>
        <translation>A data está no futuro.</translation>
    </message>
    <message>
        <source>This text is too long: at most {limit} characters.</source>
        <translation>Este texto é longo demais: no máximo {limit} caracteres.</translation>
    </message>
    <message>
        <source>The refund is larger than what was paid ({limit}).</source>
        <translation>O reembolso é maior do que o valor pago ({limit}).</translation>
    </message>
    <message>
        <source>“{text}” is not a phone number. Type it with the area code.</source>
        <translation>“{text}” não é um telefone. Digite com o DDD.</translation>
    </message>
    <message>
        <source>“{text}” is not a valid CPF.</source>
        <translation>“{text}” não é um CPF válido.</translation>
    </message>
    <message>
        <source>That CPF belongs to another client.</source>
        <translation>Esse CPF é de outro cliente.</translation>
    </message>
    <message>
        <source>“{text}” is not an e-mail address.</source>
        <translation>“{text}” não é um e-mail.</translation>
    </message>
    <message>
        <source>Type the e-mail that they will sign in with.</source>
        <translation>Digite o e-mail com que a pessoa vai entrar.</translation>
    </message>
    <message>
        <source>That e-mail belongs to somebody else.</source>
        <translation>Esse e-mail é de outra pessoa.</translation>
    </message>
    <message>
        <source>The birth date is in the future.</source>
        <translation>A data de nascimento está no futuro.</translation>
    </message>
    <message>
        <source>{who} already has a session from {from_time} to {to_time}.</source>
        <translation>{who} já tem uma sessão das {from_time} às {to_time}.</translation>
    </message>
    <message>
        <source>Another desk has just booked that artist at that time.</source>
        <translation>Outro computador acabou de marcar esse artista nesse horário.</translation>
    </message>
    <message>
        <source>Another desk has just booked that chair at that time.</source>
        <translation>Outro computador acabou de marcar essa cadeira nesse horário.</translation>
    </message>
    <message>
        <source>A session lasts at most a day.</source>
        <translation>Uma sessão dura no máximo um dia.</translation>
    </message>
    <message>
        <source>A session must end after it starts.</source>
        <translation>Uma sessão precisa terminar depois de começar.</translation>
    </message>
    <message>
        <source>That person does not exist any more.</source>
        <translation>Essa pessoa não existe mais.</translation>
    </message>
    <message>
        <source>“{text}” is not an Instagram name.</source>
        <translation>“{text}” não é um nome do Instagram.</translation>
    </message>
    <message>
        <source>Choose what the flag is about.</source>
        <translation>Escolha o assunto do aviso.</translation>
    </message>
    <message>
        <source>That flag does not exist any more.</source>
        <translation>Esse aviso não existe mais.</translation>
    </message>
    <message>
        <source>The studio must keep at least one owner.</source>
        <translation>O estúdio precisa ter pelo menos um dono.</translation>
    </message>
    <message>
        <source>A password given like that lasts from now to at most {hours} hours.</source>
        <translation>Uma senha dada assim vale a partir de agora por no máximo {hours} horas.</translation>
    </message>
    <message>
        <source>This person is signed in on {limit} devices already. Sign out on one of them.</source>
        <translation>Esta pessoa já entrou em {limit} aparelhos. Saia em um deles.</translation>
    </message>
    <message>
        <source>The device has no name of its own. This is a fault.</source>
        <translation>O aparelho não tem identificação própria. Isto é uma falha.</translation>
    </message>
    <message>
        <source>You signed in with Google, and have no password here to change.</source>
        <translation>Você entrou com o Google e não tem senha para trocar aqui.</translation>
    </message>
    <message>
        <source>A PIN has {shortest} to {longest} digits, and nothing else.</source>
        <translation>Um PIN tem de {shortest} a {longest} dígitos e nada mais.</translation>
    </message>
    <message>
        <source>That PIN is too easy to guess. Choose digits that do not follow each other.</source>
        <translation>Esse PIN é fácil de adivinhar. Escolha dígitos que não sejam seguidos.</translation>
    </message>
    <message>
        <source>The PIN was not prepared for the database. This is a fault.</source>
        <translation>O PIN não foi preparado para o banco de dados. Isto é uma falha.</translation>
    </message>
    <message>
        <source>Too many wrong PINs. Try again in {seconds} seconds.</source>
        <translation>Muitos PINs errados. Tente de novo em {seconds} segundos.</translation>
    </message>
    <message>
        <source>The password is too weak: use at least {length} characters, not only your name or e-mail.</source>
        <translation>A senha é fraca: use pelo menos {length} caracteres, não só o seu nome ou e-mail.</translation>
    </message>
    <message>
        <source>The database server is PostgreSQL {found}; {oldest} or newer is needed.</source>
        <translation>O servidor é PostgreSQL {found}; é preciso {oldest} ou mais novo.</translation>
    </message>
    <message>
        <source>Only an active person with an e-mail and an access can sign in.</source>
        <translation>Só uma pessoa ativa, com e-mail e acesso, pode entrar.</translation>
    </message>
    <message>
        <source>The password was not prepared for the database. This is a fault.</source>
        <translation>A senha não foi preparada para o banco. Isto é uma falha.</translation>
    </message>
    <message>
        <source>The setting {name} is wrong: {reason}.</source>
        <translation>A configuração {name} está errada: {reason}.</translation>
    </message>
    <message>
        <source>{problems}</source>
        <translation>{problems}</translation>
    </message>
    <message>
        <source>The setting {name} keeps no secret: {reason}. Make one with: python -c &quot;import secrets; print(secrets.token_urlsafe(48))&quot;</source>
        <translation>A configuração {name} não guarda segredo: {reason}. Crie um com: python -c &quot;import secrets; print(secrets.token_urlsafe(48))&quot;</translation>
    </message>
    <message>
        <source>The setting {name} is missing. Set it in the environment or in .env.</source>
        <translation>Falta a configuração {name}. Defina no ambiente ou no .env.</translation>
    </message>
    <message>
        <source>This program ({version}) is older than the database allows ({minimum}). Install the newer version.</source>
        <translation>Este programa ({version}) é mais antigo do que o banco aceita ({minimum}). Instale a versão nova.</translation>
    </message>
    <message>
        <source>The database was set up by a newer program (revision {found}). Install the newer version.</source>
        <translation>O banco foi preparado por um programa mais novo (revisão {found}). Instale a versão nova.</translation>
    </message>
    <message>
        <source>The database is not set up for this program (revision {found}, expected {expected}). Run: studio-jobs migrate.</source>
        <translation>O banco não está preparado para este programa (revisão {found}, esperada {expected}). Rode: studio-jobs migrate.</translation>
    </message>
    <message>
        <source>The studio is already set up: {email} is its owner. Use --reset-owner for a new password.</source>
        <translation>O estúdio já foi montado: {email} é o dono. Use --reset-owner para uma nova senha.</translation>
    </message>
    <message>
        <source>{what} is missing, and nobody is there to type it. Give it by {option}.</source>
        <translation>Falta {what}, e não há ninguém para digitar. Informe com {option}.</translation>
    </message>
    <message>
        <source>“{text}” is not a version. Versions count 1, 2, 3.</source>
        <translation>“{text}” não é uma versão. As versões são 1, 2, 3.</translation>
    </message>
    <message>
        <source>The database refuses the login {login}: the name or the password is wrong.</source>
        <translation>O banco recusa o usuário {login}: o nome ou a senha está errado.</translation>
    </message>
    <message>
        <source>The login {login} is not in the group studio_jobs. Run studio-jobs migrate with ADMIN_DATABASE_URL and DATABASE_URL set.</source>
        <translation>O usuário {login} não está no grupo studio_jobs. Rode studio-jobs migrate com ADMIN_DATABASE_URL e DATABASE_URL definidos.</translation>
    </message>
    <message>
        <source>{login} is a group of the program and cannot be a login. Name another one in DATABASE_URL.</source>
        <translation>{login} é um grupo do programa e não pode ser um usuário. Indique outro em DATABASE_URL.</translation>
    </message>
    <message>
        <source>The login {login} may not make a database to prove things on. Set ADMIN_DATABASE_URL to an administrator&apos;s address.</source>
        <translation>O login {login} não pode criar um banco de dados de teste. Defina ADMIN_DATABASE_URL com o endereço de um administrador.</translation>
    </message>
    <message>
        <source>{option}: “{text}” is not a number from 1 to 10,000,000. Type them like 100,10000.</source>
        <translation>{option}: “{text}” não é um número de 1 a 10.000.000. Digite assim: 100,10000.</translation>
    </message>
    <message>
        <source>The database address cannot be read. It looks like postgresql://user:password@host:5432/database.</source>
        <translation>O endereço do banco não pode ser lido. Ele é como postgresql://usuario:senha@servidor:5432/banco.</translation>
    </message>
    <message>
        <source>A database address starts with postgresql://, not with {scheme}://.</source>
        <translation>Um endereço de banco começa com postgresql://, não com {scheme}://.</translation>
    </message>
    <message>
        <source>“{port}” in the database address is not a port number.</source>
        <translation>“{port}” no endereço do banco não é um número de porta.</translation>
    </message>
    <message>
        <source>The database address names no database. It looks like postgresql://user:password@host:5432/database.</source>
        <translation>O endereço não diz qual é o banco. Ele é como postgresql://usuario:senha@servidor:5432/banco.</translation>
    </message>
    <message>
        <source>The database “{database}” does not exist on that server.</source>
        <translation>O banco “{database}” não existe nesse servidor.</translation>
    </message>
    <message>
        <source>The database does not answer. Check the network and the address.</source>
        <translation>O banco de dados não responde. Confira a rede e o endereço.</translation>
    </message>
    <message>
        <source>The database is starting or stopping. Try again in a moment.</source>
        <translation>O banco está ligando ou desligando. Tente de novo daqui a pouco.</translation>
    </message>
    <message>
        <source>The database is too busy right now. Try again in a moment.</source>
        <translation>O banco está ocupado demais agora. Tente de novo daqui a pouco.</translation>
    </message>
    <message>
        <source>The database takes no changes right now. Try again in a moment.</source>
        <translation>O banco não aceita mudanças agora. Tente de novo daqui a pouco.</translation>
    </message>
    <message>
        <source>The database server&apos;s disk is full. Nothing was changed.</source>
        <translation>O disco do servidor está cheio. Nada foi mudado.</translation>
    </message>
    <message>
        <source>None of the database servers takes changes right now. Try again in a moment.</source>
        <translation>Nenhum dos servidores aceita mudanças agora. Tente de novo daqui a pouco.</translation>
    </message>
    <message>
        <source>The connection to the database was lost. Try again.</source>
        <translation>A conexão com o banco caiu. Tente de novo.</translation>
    </message>
    <message>
        <source>The database server does not admit this computer or this user.</source>
        <translation>O servidor não admite este computador ou este usuário.</translation>
    </message>
    <message>
        <source>The database server offers no encryption (TLS), which is required outside this computer.</source>
        <translation>O servidor não oferece criptografia (TLS), exigida fora deste computador.</translation>
    </message>
    <message>
        <source>The database server&apos;s certificate could not be verified.</source>
        <translation>O certificado do servidor não pôde ser verificado.</translation>
    </message>
    <message>
        <source>The e-mail or the password is wrong, or access was withdrawn.</source>
        <translation>O e-mail ou a senha está errado, ou o acesso foi retirado.</translation>
    </message>
    <message>
        <source>This is a one-time password. Sign in at the desk and choose your own.</source>
        <translation>Esta senha vale uma só vez. Entre pelo computador do estúdio e escolha a sua.</translation>
    </message>
    <message>
        <source>Google’s sign-in was not accepted. Sign in again; if that does not help, ask an owner whether this e-mail has access.</source>
        <translation>A entrada pelo Google não foi aceita. Entre de novo; se não resolver, pergunte ao dono ou à dona se este e-mail tem acesso.</translation>
    </message>
    <message>
        <source>Google does not answer. Try again in a moment, or sign in with e-mail and password.</source>
        <translation>O Google não responde. Tente de novo daqui a pouco ou entre com e-mail e senha.</translation>
    </message>
    <message>
        <source>This studio does not use Google to sign in. Sign in with e-mail and password.</source>
        <translation>Este estúdio não usa o Google para entrar. Entre com e-mail e senha.</translation>
    </message>
    <message>
        <source>This server is not set up for signing in over HTTP (JWT_SECRET_KEY).</source>
        <translation>Este servidor não está configurado para entrar por HTTP (JWT_SECRET_KEY).</translation>
    </message>
    <message>
        <source>The token is missing, has expired or was revoked. Sign in again.</source>
        <translation>O token falta, venceu ou foi revogado. Entre de novo.</translation>
    </message>
    <message>
        <source>Too many tries. Wait {minutes} min and try again.</source>
        <translation>Tentativas demais. Espere {minutes} min e tente de novo.</translation>
    </message>
    <message>
        <source>That is not where a page of this list ended. Start again without after.</source>
        <translation>Não foi aí que uma página desta lista terminou. Comece de novo sem after.</translation>
    </message>
    <message>
        <source>That is too much at once: at most {limit} bytes.</source>
        <translation>É muita coisa de uma vez: no máximo {limit} bytes.</translation>
    </message>
    <message>
        <source>The server has too much to do right now. Try again in a moment.</source>
        <translation>O servidor está ocupado demais agora. Tente de novo daqui a pouco.</translation>
    </message>
    <message>
        <source>The database server lets people in without a SCRAM password. Set scram-sha-256 in its pg_hba.conf.</source>
        <translation>O servidor do banco de dados deixa entrar sem senha SCRAM. Configure scram-sha-256 no pg_hba.conf dele.</translation>
    </message>
    <message>
        <source>The database server lacks the extension “{extension}”. Install PostgreSQL&apos;s contrib package there.</source>
        <translation>Falta a extensão “{extension}” no servidor. Instale nele o pacote contrib do PostgreSQL.</translation>
    </message>
    <message>
        <source>Type what unlocks your desk.</source>
        <translation>Digite o que desbloqueia o seu balcão.</translation>
    </message>
    <message>
        <source>That does not unlock this desk.</source>
        <translation>Isso não desbloqueia este balcão.</translation>
    </message>
    <message>
        <source>You are not allowed to do that.</source>
        <translation>Você não tem permissão para isso.</translation>
    </message>
    <message>
        <source>Somebody else is changing the same entry. Try again in a moment.</source>
        <translation>Outra pessoa está mudando o mesmo lançamento. Tente de novo daqui a pouco.</translation>
    </message>
    <message>
        <source>Two changes met at the same moment, and yours was not made. Try again.</source>
        <translation>Duas mudanças se cruzaram, e a sua não foi feita. Tente de novo.</translation>
    </message>
    <message>
        <source>That took too long and was stopped. Nothing was changed.</source>
        <translation>Isso demorou demais e foi interrompido. Nada foi mudado.</translation>
    </message>
    <message>
        <source>That exists already ({constraint}).</source>
        <translation>Isso já existe ({constraint}).</translation>
    </message>
    <message>
        <source>That overlaps with what exists already ({constraint}).</source>
        <translation>Isso se sobrepõe ao que já existe ({constraint}).</translation>
    </message>
    <message>
        <source>A value is outside what is allowed ({constraint}).</source>
        <translation>Um valor está fora do permitido ({constraint}).</translation>
    </message>
    <message>
        <source>A value is missing ({constraint}).</source>
        <translation>Falta um valor ({constraint}).</translation>
    </message>
    <message>
        <source>That is still in use elsewhere, or does not exist any more ({constraint}).</source>
        <translation>Isso ainda está em uso ou não existe mais ({constraint}).</translation>
    </message>
    <message>
        <source>Somebody else changed this meanwhile. Reload it and choose.</source>
        <translation>Outra pessoa mudou isto nesse meio-tempo. Recarregue e escolha.</translation>
    </message>
    <message>
        <source>The database did not answer in time. Try again in a moment.</source>
        <translation>O banco de dados não respondeu a tempo. Tente de novo em instantes.</translation>
    </message>
    <message>
        <source>The database refuses the program&apos;s own login. Check DATABASE_URL where the server&apos;s jobs run.</source>
        <translation>O banco de dados recusa o login do próprio programa. Confira DATABASE_URL onde rodam as tarefas do servidor.</translation>
    </message>
    <message>
        <source>Nothing can listen on {host}, port {port}: {reason}. Set SERVE_HOST and SERVE_PORT.</source>
        <translation>Não é possível atender em {host}, porta {port}: {reason}. Defina SERVE_HOST e SERVE_PORT.</translation>
    </message>
    <message>
        <source>The certificate {certificate} and its key {key} cannot be used: {reason}.</source>
        <translation>O certificado {certificate} e a sua chave {key} não podem ser usados: {reason}.</translation>
    </message>
    <message>
        <source>The month {month} should be closed by now and is not.</source>
        <translation>O mês {month} já deveria estar fechado e não está.</translation>
    </message>
    <message>
        <source>Monthly closing ({what})</source>
        <translation>Fechamento mensal ({what})</translation>
    </message>
    <message>
        <source>Daily backup ({what})</source>
        <translation>Backup diário ({what})</translation>
    </message>
    <message>
        <source>Copies of backups ({what})</source>
        <translation>Cópias dos backups ({what})</translation>
    </message>
    <message>
        <source>Tidying of backups ({what})</source>
        <translation>Arrumação dos backups ({what})</translation>
    </message>
    <message>
        <source>Weekly drill ({what})</source>
        <translation>Teste semanal de restauração ({what})</translation>
    </message>
    <message>
        <source>Look at the studio&apos;s health ({what})</source>
        <translation>Verificação da saúde do estúdio ({what})</translation>
    </message>
    <message>
        <source>Clean-up ({what})</source>
        <translation>Limpeza ({what})</translation>
    </message>
    <message>
        <source>{chore} failed: {reason}</source>
        <translation>{chore} falhou: {reason}</translation>
    </message>
    <message>
        <source>{chore} failed {tries} times and is not tried again before a restart: {reason}</source>
        <translation>{chore} falhou {tries} vezes e não será tentado de novo antes de reiniciar: {reason}</translation>
    </message>
    <message>
        <source>Something went wrong that should not have. The log has the details under {correlation_id}.</source>
        <translation>Algo deu errado que não deveria. Os detalhes estão no registro, sob {correlation_id}.</translation>
    </message>
    <message>
        <source>The closing was interrupted several times. Nothing was moved.</source>
        <translation>O fechamento foi interrompido várias vezes. Nada foi movido.</translation>
    </message>
    <message>
        <source>No server program is running that closes months. Start studio-jobs serve on the server, then try again.</source>
        <translation>Nenhum programa que feche os meses está em execução no servidor. Inicie studio-jobs serve no servidor e tente de novo.</translation>
    </message>
    <message>
        <source>It was refused: {reason}</source>
        <translation>Foi recusado: {reason}</translation>
    </message>
    <message>
        <source>The answer took too long. Try again in a moment.</source>
        <translation>A resposta demorou demais. Tente de novo em instantes.</translation>
    </message>
    <message>
        <source>{milliseconds} ms (limit {threshold} ms) at {route}: {statement}</source>
        <translation>{milliseconds} ms (limite {threshold} ms) em {route}: {statement}</translation>
    </message>
    <message>
        <source>This is a test of the alerts.</source>
        <translation>Este é um teste dos alertas.</translation>
    </message>
    <message>
        <source>Slow query: {milliseconds} ms (limit {threshold} ms), {count} × at {route} of {program}: {statement} (log: {correlation_id})</source>
        <translation>Consulta lenta: {milliseconds} ms (limite {threshold} ms), {count} × em {route} de {program}: {statement} (log: {correlation_id})</translation>
    </message>
    <message>
        <source>{kind}{about}. See Administration, or the log under {correlation_id}.</source>
        <translation>{kind}{about}. Veja em Administração, ou no log por {correlation_id}.</translation>
    </message>
    <message>
        <source>… and {count} more, in Administration.</source>
        <translation>… e mais {count}, em Administração.</translation>
    </message>
    <message>
        <source>Slack did not answer in time.</source>
        <translation>O Slack não respondeu a tempo.</translation>
    </message>
    <message>
        <source>Slack&apos;s address refuses the connection.</source>
        <translation>O endereço do Slack recusa a conexão.</translation>
    </message>
    <message>
        <source>Slack&apos;s address is not known to the network.</source>
        <translation>A rede não conhece o endereço do Slack.</translation>
    </message>
    <message>
        <source>The connection to Slack could not be encrypted, or its certificate is not valid.</source>
        <translation>A conexão com o Slack não pôde ser criptografada, ou o certificado dele não é válido.</translation>
    </message>
    <message>
        <source>The connection to Slack broke, or could not be made.</source>
        <translation>A conexão com o Slack caiu, ou não pôde ser feita.</translation>
    </message>
    <message>
        <source>Slack&apos;s address leads elsewhere ({status}). Set ALERT_SLACK_WEBHOOK_URL anew.</source>
        <translation>O endereço do Slack leva a outro lugar ({status}). Defina ALERT_SLACK_WEBHOOK_URL de novo.</translation>
    </message>
    <message>
        <source>Slack does not take the message ({status}). Perhaps ALERT_SLACK_WEBHOOK_URL is not valid any more.</source>
        <translation>O Slack não aceita a mensagem ({status}). Talvez ALERT_SLACK_WEBHOOK_URL não valha mais.</translation>
    </message>
    <message>
        <source>Slack has trouble of its own ({status}).</source>
        <translation>O Slack está com problemas próprios ({status}).</translation>
    </message>
    <message>
        <source>The old system&apos;s database: {reason}</source>
        <translation>Banco do sistema antigo: {reason}</translation>
    </message>
    <message>
        <source>That database is not the old system&apos;s: it lacks {missing}.</source>
        <translation>Esse banco não é o do sistema antigo: falta {missing}.</translation>
    </message>
    <message>
        <source>An import is already running.</source>
        <translation>Já há uma importação em andamento.</translation>
    </message>
    <message>
        <source>The file {path} cannot be read: {reason}.</source>
        <translation>O arquivo {path} não pode ser lido: {reason}.</translation>
    </message>
    <message>
        <source>The file {name} holds no lines.</source>
        <translation>O arquivo {name} não tem linhas.</translation>
    </message>
    <message>
        <source>The first line of {name} names no column for the client&apos;s name. It must say which column is which, like: Nome;Telefone;E-mail.</source>
        <translation>A primeira linha de {name} não indica a coluna do nome do cliente. Ela precisa dizer qual coluna é qual, como: Nome;Telefone;E-mail.</translation>
    </message>
    <message>
        <source>The file {name} is not a text file with separated columns.</source>
        <translation>O arquivo {name} não é um texto com colunas separadas.</translation>
    </message>
    <message>
        <source>The file {name} is too large: at most {limit} are read.</source>
        <translation>O arquivo {name} é grande demais: são lidos no máximo {limit}.</translation>
    </message>
    <message>
        <source>The line has {found} columns, but the first line names {expected}.</source>
        <translation>A linha tem {found} colunas, mas a primeira linha nomeia {expected}.</translation>
    </message>
    <message>
        <source>The line holds a text that is far too long, or a quotation mark too many.</source>
        <translation>A linha tem um texto longo demais, ou aspas a mais.</translation>
    </message>
    <message>
        <source>It is the same client as in line {line}.</source>
        <translation>É o mesmo cliente da linha {line}.</translation>
    </message>
    <message>
        <source>{name} is here already.</source>
        <translation>{name} já está cadastrado.</translation>
    </message>
    <message>
        <source>“{text}” is neither yes nor no.</source>
        <translation>“{text}” não é sim nem não.</translation>
    </message>
    <message>
        <source>“{text}” is not a date. Type it like 31/12/1990.</source>
        <translation>“{text}” não é uma data. Digite como 31/12/1990.</translation>
    </message>
    <message>
        <source>{count} lines of {name} are wrong. Mend them, or import only the others.</source>
        <translation>{count} linhas de {name} estão erradas. Corrija-as ou importe só as outras.</translation>
    </message>
    <message>
        <source>The schema is at revision {revision}, as this program needs it.</source>
        <translation>O esquema está na revisão {revision}, como este programa precisa.</translation>
    </message>
    <message>
        <source>The schema is at revision {found}, this program needs {expected}. Run: studio-jobs migrate.</source>
        <translation>O esquema está na revisão {found}; este programa precisa da {expected}. Execute: studio-jobs migrate.</translation>
    </message>
    <message>
        <source>No month has been closed yet.</source>
        <translation>Nenhum mês foi fechado ainda.</translation>
    </message>
    <message>
        <source>The backup of {month} is whole, and equal to the closed month.</source>
        <translation>O backup de {month} está inteiro e é igual ao mês fechado.</translation>
    </message>
    <message>
        <source>The backups of all {count} closed months are in their place.</source>
        <translation>Os backups de todos os {count} meses fechados estão no lugar.</translation>
    </message>
    <message>
        <source>The backup {name} of the closed month {month} is gone. Put it back, or make a new one: backup create.</source>
        <translation>O backup {name} do mês fechado {month} sumiu. Devolva-o ao lugar ou faça um novo: backup create.</translation>
    </message>
    <message>
        <source>The month {month} was closed without a backup.</source>
        <translation>O mês {month} foi fechado sem backup.</translation>
    </message>
    <message>
        <source>The newest backup of the whole database, {name}, is {hours} hours old.</source>
        <translation>O backup mais novo do banco inteiro, {name}, tem {hours} horas.</translation>
    </message>
    <message>
        <source>There is no backup of the whole database yet.</source>
        <translation>Ainda não há backup do banco inteiro.</translation>
    </message>
    <message>
        <source>The newest backup of the whole database, {name}, is {hours} hours old, more than a day.</source>
        <translation>O backup mais novo do banco inteiro, {name}, tem {hours} horas, mais de um dia.</translation>
    </message>
    <message>
        <source>The backup of the whole database {name} is gone.</source>
        <translation>O backup do banco inteiro {name} sumiu.</translation>
    </message>
    <message>
        <source>The file {name} is not the backup of the whole database that was made. Make a new one: backup full.</source>
        <translation>O arquivo {name} não é o backup do banco inteiro que foi feito. Faça outro: backup full.</translation>
    </message>
    <message>
        <source>No backup of the whole database was ever restored for a trial.</source>
        <translation>Nenhum backup do banco inteiro foi restaurado em teste até hoje.</translation>
    </message>
    <message>
        <source>The last trial restore was {days} days ago, more than a week.</source>
        <translation>A última restauração de teste foi há {days} dias, mais de uma semana.</translation>
    </message>
    <message>
        <source>A backup was restored for a trial {days} days ago, and held everything.</source>
        <translation>Um backup foi restaurado em teste há {days} dias e continha tudo.</translation>
    </message>
    <message>
        <source>The trial restore of {name} failed: {reason}.</source>
        <translation>A restauração de teste de {name} falhou: {reason}.</translation>
    </message>
    <message>
        <source>Backups are in one place alone ({folder}). Name a folder on another disk in BACKUP_COPY_DIR.</source>
        <translation>Os backups estão em um só lugar ({folder}). Indique uma pasta em outro disco em BACKUP_COPY_DIR.</translation>
    </message>
    <message>
        <source>The backups are copied to {folder}.</source>
        <translation>Os backups são copiados para {folder}.</translation>
    </message>
    <message>
        <source>{count} backups of more than a day ago are not copied to {folder}.</source>
        <translation>{count} backups de mais de um dia atrás não foram copiados para {folder}.</translation>
    </message>
    <message>
        <source>The last run, {run} of {month}, ended: {status}.</source>
        <translation>A última execução, {run} de {month}, terminou: {status}.</translation>
    </message>
    <message>
        <source>No closing has run yet.</source>
        <translation>Nenhum fechamento foi executado ainda.</translation>
    </message>
    <message>
        <source>The last run of {month} (number {run}) {status}: {reason}.</source>
        <translation>A última execução de {month} (número {run}) {status}: {reason}.</translation>
    </message>
    <message>
        <source>The month {month} is over and not closed.</source>
        <translation>O mês {month} terminou e não está fechado.</translation>
    </message>
    <message>
        <source>All {count} extratos and their rows are as they were closed.</source>
        <translation>Todos os {count} extratos e seus registros estão como foram fechados.</translation>
    </message>
    <message>
        <source>The month {month} was changed after its closing: {table}, row {row} (version {version}).</source>
        <translation>O mês {month} foi alterado depois do fechamento: {table}, registro {row} (versão {version}).</translation>
    </message>
    <message>
        <source>The month {month} was changed after its closing: rows of {table} are missing or were added (version {version}).</source>
        <translation>O mês {month} foi alterado depois do fechamento: registros de {table} faltam ou foram acrescentados (versão {version}).</translation>
    </message>
    <message>
        <source>The month {month} was changed after its closing: totals or digest of version {version}.</source>
        <translation>O mês {month} foi alterado depois do fechamento: totais ou resumo da versão {version}.</translation>
    </message>
    <message>
        <source>The chain of extratos breaks before {month}, version {version}: an extrato is missing or was moved.</source>
        <translation>A cadeia de extratos se rompe antes de {month}, versão {version}: um extrato falta ou foi movido.</translation>
    </message>
    <message>
        <source>The month {month} is closed, but a row stands where none may: {table}, row {row}.</source>
        <translation>O mês {month} está fechado, mas há um registro onde não pode haver: {table}, registro {row}.</translation>
    </message>
    <message>
        <source>The month {month} is closed without its extrato, or has one and is open.</source>
        <translation>O mês {month} está fechado sem extrato, ou tem extrato e está aberto.</translation>
    </message>
    <message>
        <source>The totals of {count} closed months are what their rows add up to.</source>
        <translation>Os totais de {count} meses fechados são a soma dos seus registros.</translation>
    </message>
    <message>
        <source>The totals of {month} are not what its rows add up to: {what}.</source>
        <translation>Os totais de {month} não são a soma dos seus registros: {what}.</translation>
    </message>
    <message>
        <source>No alert in the last {days} days.</source>
        <translation>Nenhum alerta nos últimos {days} dias.</translation>
    </message>
    <message>
        <source>{count} slow queries in the last {days} days.</source>
        <translation>{count} consultas lentas nos últimos {days} dias.</translation>
    </message>
    <message>
        <source>{count} alerts of “{kind}” in the last {days} days, which nobody has seen.</source>
        <translation>{count} alertas de “{kind}” nos últimos {days} dias que ninguém viu.</translation>
    </message>
    <message>
        <source>The database takes {size}.</source>
        <translation>O banco de dados ocupa {size}.</translation>
    </message>
    <message>
        <source>Somebody is looking at the studio&apos;s health already.</source>
        <translation>Alguém já está verificando a saúde do estúdio.</translation>
    </message>
    <message>
        <source>The look at the studio&apos;s health was interrupted.</source>
        <translation>A verificação da saúde do estúdio foi interrompida.</translation>
    </message>
    <message>
        <source>{setting} has {free} free ({folder}).</source>
        <translation>{setting} tem {free} livres ({folder}).</translation>
    </message>
    <message>
        <source>{setting} has only {free} free ({folder}). Make room.</source>
        <translation>{setting} tem só {free} livres ({folder}). Libere espaço.</translation>
    </message>
    <message>
        <source>PostgreSQL was not found on this computer. Install it, or name its bin folder in {variable}.</source>
        <translation>O PostgreSQL não foi encontrado neste computador. Instale-o ou indique a pasta bin em {variable}.</translation>
    </message>
    <message>
        <source>{variable} names {folder}, which holds no PostgreSQL server.</source>
        <translation>{variable} indica {folder}, que não tem um servidor PostgreSQL.</translation>
    </message>
    <message>
        <source>PostgreSQL {found} is too old: {minimum} or newer is needed.</source>
        <translation>O PostgreSQL {found} é antigo demais: é preciso {minimum} ou mais novo.</translation>
    </message>
    <message>
        <source>The programs pg_dump and pg_restore of PostgreSQL {major} or newer were not found. Install them (postgresql-client-{major}), or name their folder in {variable}.</source>
        <translation>Os programas pg_dump e pg_restore do PostgreSQL {major} ou mais novo não foram encontrados. Instale-os (postgresql-client-{major}) ou indique a pasta em {variable}.</translation>
    </message>
    <message>
        <source>The programs pg_dump and pg_restore that were found know no TLS. Install others (postgresql-client-{major}), or name their folder in {variable}.</source>
        <translation>Os programas pg_dump e pg_restore encontrados não conhecem TLS. Instale outros (postgresql-client-{major}) ou indique a pasta em {variable}.</translation>
    </message>
    <message>
        <source>A server of PostgreSQL {major} was not found on this computer. Install it (postgresql-{major}), or name its bin folder in {variable}.</source>
        <translation>Não foi encontrado um servidor PostgreSQL {major} neste computador. Instale-o (postgresql-{major}) ou indique a pasta bin em {variable}.</translation>
    </message>
    <message>
        <source>Another program uses the database in {folder}. Close it and try again.</source>
        <translation>Outro programa usa o banco de dados em {folder}. Feche-o e tente de novo.</translation>
    </message>
    <message>
        <source>The data in {folder} belong to PostgreSQL {found}, but this program brings {expected}. Nothing was touched: use the program they were made with, make a full backup, and restore it here.</source>
        <translation>Os dados em {folder} são do PostgreSQL {found}, mas este programa traz o {expected}. Nada foi tocado: use o programa com que foram feitos, faça um backup completo e restaure-o aqui.</translation>
    </message>
    <message>
        <source>The folder {folder} is not a database of this program. Choose another folder.</source>
        <translation>A pasta {folder} não é um banco deste programa. Escolha outra.</translation>
    </message>
    <message>
        <source>The database server runs as {user}, who may not enter {folder}. Choose another data folder, or run: chmod o+x {folder}</source>
        <translation>O servidor roda como {user}, que não pode entrar em {folder}. Escolha outra pasta de dados ou rode: chmod o+x {folder}</translation>
    </message>
    <message>
        <source>PostgreSQL does not run as root, and none of these users exist: {users}.</source>
        <translation>O PostgreSQL não roda como root, e nenhum destes usuários existe: {users}.</translation>
    </message>
    <message>
        <source>The password file {path} is missing, so the database beside it cannot be opened.</source>
        <translation>Falta o arquivo de senha {path}; o banco ao lado não pode ser aberto.</translation>
    </message>
    <message>
        <source>Another program has been starting or stopping the database for long ({path}). Try again.</source>
        <translation>Outro programa está há muito tempo ligando ou desligando o banco ({path}). Tente de novo.</translation>
    </message>
    <message>
        <source>The folder {folder} holds a studio that is not the demo. Choose another folder.</source>
        <translation>A pasta {folder} tem um estúdio que não é o de demonstração. Escolha outra.</translation>
    </message>
    <message>
        <source>The database could not be created: {reason}.</source>
        <translation>O banco não pôde ser criado: {reason}.</translation>
    </message>
    <message>
        <source>The database server did not start: {reason}.</source>
        <translation>O servidor do banco não ligou: {reason}.</translation>
    </message>
    <message>
        <source>The database server did not stop: {reason}.</source>
        <translation>O servidor do banco não desligou: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be read. Mend it, or delete it and choose again.</source>
        <translation>{path} não pode ser lido. Corrija-o ou apague-o e escolha de novo.</translation>
    </message>
    <message>
        <source>{host} does not answer. Check the network and the name.</source>
        <translation>{host} não responde. Confira a rede e o nome.</translation>
    </message>
    <message>
        <source>The studio&apos;s server ({host}) does not answer. Sign in with your e-mail and password, or try again later.</source>
        <translation>O servidor do estúdio ({host}) não responde. Entre com e-mail e senha, ou tente mais tarde.</translation>
    </message>
    <message>
        <source>The certificate of {host} could not be verified. Sign in with your e-mail and password, and tell whoever looks after the server.</source>
        <translation>Não foi possível verificar o certificado de {host}. Entre com e-mail e senha e avise quem cuida do servidor.</translation>
    </message>
    <message>
        <source>The studio&apos;s server ({host}) answered something that is not of this program. Sign in with your e-mail and password, and tell whoever looks after the server.</source>
        <translation>O servidor do estúdio ({host}) respondeu algo que não é deste programa. Entre com e-mail e senha e avise quem cuida do servidor.</translation>
    </message>
    <message>
        <source>The studio&apos;s server ({host}) is not set up for Google. Sign in with your e-mail and password.</source>
        <translation>O servidor do estúdio ({host}) não está preparado para o Google. Entre com e-mail e senha.</translation>
    </message>
    <message>
        <source>Too many tries. Wait {minutes} min, or sign in with your e-mail and password.</source>
        <translation>Tentativas demais. Espere {minutes} min, ou entre com e-mail e senha.</translation>
    </message>
    <message>
        <source>This computer and the studio&apos;s server name different clients at Google (GOOGLE_CLIENT_ID). Tell whoever set them up.</source>
        <translation>Este computador e o servidor do estúdio usam clientes diferentes no Google (GOOGLE_CLIENT_ID). Avise quem os configurou.</translation>
    </message>
    <message>
        <source>The studio&apos;s server belongs to another studio ({database}). Check STUDIO_SERVER_URL.</source>
        <translation>O servidor é de outro estúdio ({database}). Confira STUDIO_SERVER_URL.</translation>
    </message>
    <message>
        <source>Google does not answer ({host}). Sign in with your e-mail and password, or try again later.</source>
        <translation>O Google não responde ({host}). Entre com e-mail e senha, ou tente mais tarde.</translation>
    </message>
    <message>
        <source>The studio&apos;s server ({host}) cannot reach Google. Sign in with your e-mail and password, or try again later.</source>
        <translation>O servidor do estúdio ({host}) não alcança o Google. Entre com e-mail e senha, ou tente mais tarde.</translation>
    </message>
    <message>
        <source>Nobody answered Google&apos;s page in time. Try again.</source>
        <translation>Ninguém respondeu à página do Google a tempo. Tente de novo.</translation>
    </message>
    <message>
        <source>Google was not allowed to say who you are. Try again, or sign in with your e-mail and password.</source>
        <translation>O Google não teve permissão para dizer quem você é. Tente de novo, ou entre com e-mail e senha.</translation>
    </message>
    <message>
        <source>Google did not accept the sign-in ({reason}). Try again, or sign in with your e-mail and password.</source>
        <translation>O Google não aceitou a entrada ({reason}). Tente de novo, ou entre com e-mail e senha.</translation>
    </message>
    <message>
        <source>Google has ended your sign-in on this computer. Sign in again.</source>
        <translation>O Google encerrou a sua entrada neste computador. Entre de novo.</translation>
    </message>
    <message>
        <source>That Google account may not come in. Ask the owner to invite its e-mail, or choose another account.</source>
        <translation>Essa conta do Google não tem acesso. Peça à dona ou ao dono que convide o e-mail dela, ou escolha outra conta.</translation>
    </message>
    <message>
        <source>This computer opens no port for Google&apos;s answer ({reason}). Sign in with your e-mail and password.</source>
        <translation>Este computador não abre uma porta para a resposta do Google ({reason}). Entre com e-mail e senha.</translation>
    </message>
    <message>
        <source>{name} is at work here. Sign in as {name}, or sign out first.</source>
        <translation>{name} está trabalhando aqui. Entre como {name}, ou saia antes.</translation>
    </message>
    <message>
        <source>That is not your password until now.</source>
        <translation>Essa não é a sua senha atual.</translation>
    </message>
    <message>
        <source>Choose another password than the one you have.</source>
        <translation>Escolha uma senha diferente da que você tem.</translation>
    </message>
    <message>
        <source>“{text}” is not a day. Type it like 12/09/2025, 12/9 or hoje.</source>
        <translation>“{text}” não é um dia. Digite como 12/09/2025, 12/9 ou hoje.</translation>
    </message>
    <message>
        <source>The program made a mistake, and nothing was saved. Try again; if it happens again, tell us the number {reference}.</source>
        <translation>O programa cometeu um erro, e nada foi salvo. Tente de novo; se acontecer outra vez, informe o número {reference}.</translation>
    </message>
</context>
<context>
    <name>ServerCloser</name>
    <message>
        <source>On the server</source>
        <translation>No servidor</translation>
    </message>
</context>
<context>
    <name>SettingsLine</name>
    <message>
        <source>Change</source>
        <translation>Alterar</translation>
    </message>
    <message>
        <source>Slow queries raise no alert.</source>
        <translation>Consultas lentas não geram alerta.</translation>
    </message>
    <message>
        <source>Queries that take longer than {n} ms raise an alert.</source>
        <translation>Consultas que demoram mais de {n} ms geram alerta.</translation>
    </message>
</context>
<context>
    <name>SidePanel</name>
    <message>
        <source>Close the panel</source>
        <translation>Fechar o painel</translation>
    </message>
</context>
<context>
    <name>Sides</name>
    <message>
        <source>Before</source>
        <translation>Antes</translation>
    </message>
    <message>
        <source>After</source>
        <translation>Depois</translation>
    </message>
</context>
<context>
    <name>SignInController</name>
    <message>
        <source>Looking for the server…</source>
        <translation>Procurando o servidor…</translation>
    </message>
    <message>
        <source>Signing you in as you were.</source>
        <translation>Entrando como da última vez.</translation>
    </message>
    <message>
        <source>Asking the studio&apos;s server.</source>
        <translation>Perguntando ao servidor do estúdio.</translation>
    </message>
    <message>
        <source>Connected to {host}</source>
        <translation>Conectado a {host}</translation>
    </message>
    <message>
        <source>No answer from {host}</source>
        <translation>Sem resposta de {host}</translation>
    </message>
</context>
<context>
    <name>SignInPage</name>
    <message>
        <source>Sign in again</source>
        <translation>Entrar de novo</translation>
    </message>
    <message>
        <source>Then you go on where you are: nothing you typed is lost.</source>
        <translation>Assim você continua onde está: nada do que digitou se perde.</translation>
    </message>
    <message>
        <source>With your own account.</source>
        <translation>Com a sua própria conta.</translation>
    </message>
    <message>
        <source>Continue with Google</source>
        <translation>Continuar com o Google</translation>
    </message>
    <message>
        <source>Sign in</source>
        <translation>Entrar</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Senha</translation>
    </message>
    <message>
        <source>Another studio or server</source>
        <translation>Outro estúdio ou servidor</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Sair</translation>
    </message>
    <message>
        <source>Back to the lock</source>
        <translation>Voltar ao bloqueio</translation>
    </message>
    <message>
        <source>Signing in…</source>
        <translation>Entrando…</translation>
    </message>
    <message>
        <source>This computer has no keyring: Google is asked again at every start.</source>
        <translation>Este computador não tem chaveiro: o Google será consultado a cada início.</translation>
    </message>
    <message>
        <source>or with your e-mail</source>
        <translation>ou com o seu e-mail</translation>
    </message>
    <message>
        <source>Sign in to the studio</source>
        <translation>Entrar no estúdio</translation>
    </message>
    <message>
        <source>Type your e-mail.</source>
        <translation>Digite o seu e-mail.</translation>
    </message>
    <message>
        <source>Type your password.</source>
        <translation>Digite a sua senha.</translation>
    </message>
    <message>
        <source>Caps Lock is on.</source>
        <translation>O Caps Lock está ligado.</translation>
    </message>
</context>
<context>
    <name>Statement</name>
    <message>
        <source>Without commission</source>
        <translation>Sem comissão</translation>
    </message>
    <message>
        <source>No revenue</source>
        <translation>Sem receita</translation>
    </message>
    <message>
        <source>No payments</source>
        <translation>Sem pagamentos</translation>
    </message>
    <message>
        <source>No expenses</source>
        <translation>Sem gastos</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Total</translation>
    </message>
</context>
<context>
    <name>StatementView</name>
    <message>
        <source>Artist</source>
        <translation>Artista</translation>
    </message>
    <message>
        <source>Revenue</source>
        <translation>Receita</translation>
    </message>
    <message>
        <source>Commission</source>
        <translation>Comissão</translation>
    </message>
    <message>
        <source>Payment method</source>
        <translation>Forma de pagamento</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>Total</translation>
    </message>
    <message>
        <source>Expenses by category</source>
        <translation>Gastos por categoria</translation>
    </message>
    <message>
        <source>Expenses by method</source>
        <translation>Gastos por forma</translation>
    </message>
    <message>
        <source>1 payment</source>
        <translation>1 pagamento</translation>
    </message>
    <message>
        <source>{n} payments</source>
        <translation>{n} pagamentos</translation>
    </message>
    <message>
        <source>{change} on {month}</source>
        <translation>{change} sobre {month}</translation>
    </message>
    <message>
        <source>{month}: {amount}</source>
        <translation>{month}: {amount}</translation>
    </message>
    <message>
        <source>1 entry</source>
        <translation>1 lançamento</translation>
    </message>
    <message>
        <source>{n} entries</source>
        <translation>{n} lançamentos</translation>
    </message>
</context>
<context>
    <name>TeamColumns</name>
    <message>
        <source>Name</source>
        <translation>Nome</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>Acesso</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>Commission</source>
        <translation>Comissão</translation>
    </message>
</context>
<context>
    <name>TeamController</name>
    <message>
        <source>Try again</source>
        <translation>Tentar de novo</translation>
    </message>
    <message>
        <source>1 person</source>
        <translation>1 pessoa</translation>
    </message>
    <message>
        <source>{n} people</source>
        <translation>{n} pessoas</translation>
    </message>
    <message>
        <source>1 artist</source>
        <translation>1 artista</translation>
    </message>
    <message>
        <source>{n} artists</source>
        <translation>{n} artistas</translation>
    </message>
    <message>
        <source>{n} may sign in</source>
        <translation>{n} com acesso</translation>
    </message>
    <message>
        <source>New person</source>
        <translation>Nova pessoa</translation>
    </message>
    <message>
        <source>Nobody fits “{search}”.</source>
        <translation>Ninguém encontrado para “{search}”.</translation>
    </message>
    <message>
        <source>Nobody works here yet.</source>
        <translation>Ainda não há ninguém na equipe.</translation>
    </message>
    <message>
        <source>Nobody has left. Their payments and sessions would stay.</source>
        <translation>Ninguém saiu. Pagamentos e sessões de quem sai permanecem.</translation>
    </message>
    <message>
        <source>{name} works here again.</source>
        <translation>{name} voltou à equipe.</translation>
    </message>
    <message>
        <source>{name} can sign in no more. What they did stays in the books.</source>
        <translation>{name} não pode mais entrar. O que fez permanece nos registros.</translation>
    </message>
    <message>
        <source>New in the team: {name}</source>
        <translation>Novo na equipe: {name}</translation>
    </message>
    <message>
        <source>Saved: {name}</source>
        <translation>Salvo: {name}</translation>
    </message>
    <message>
        <source>Undone.</source>
        <translation>Desfeito.</translation>
    </message>
</context>
<context>
    <name>TeamView</name>
    <message>
        <source>Team</source>
        <translation>Equipe</translation>
    </message>
    <message>
        <source>New person</source>
        <translation>Nova pessoa</translation>
    </message>
    <message>
        <source>What is listed</source>
        <translation>O que aparece na lista</translation>
    </message>
    <message>
        <source>Work here</source>
        <translation>Na equipe</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Saíram</translation>
    </message>
    <message>
        <source>What each may do</source>
        <translation>O que cada um pode</translation>
    </message>
    <message>
        <source>Search name or e-mail…</source>
        <translation>Buscar nome ou e-mail…</translation>
    </message>
</context>
<context>
    <name>TeamWords</name>
    <message>
        <source>Artist</source>
        <translation>Artista</translation>
    </message>
    <message>
        <source>Everything, the team and the closing of months included.</source>
        <translation>Tudo, inclusive a equipe e o fechamento dos meses.</translation>
    </message>
    <message>
        <source>The desk, the reports and the extratos.</source>
        <translation>O balcão, os relatórios e os extratos.</translation>
    </message>
    <message>
        <source>Clients, agenda, payments and expenses of the day.</source>
        <translation>Clientes, agenda, pagamentos e despesas do dia.</translation>
    </message>
    <message>
        <source>Only their own agenda, clients and commissions.</source>
        <translation>Só a própria agenda, os próprios clientes e comissões.</translation>
    </message>
    <message>
        <source>An artist whose sessions others enter needs no more.</source>
        <translation>Basta para um artista cujas sessões outros registram.</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>Saíram</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>Nome</translation>
    </message>
    <message>
        <source>E-mail</source>
        <translation>E-mail</translation>
    </message>
    <message>
        <source>Access</source>
        <translation>Acesso</translation>
    </message>
    <message>
        <source>Commission</source>
        <translation>Comissão</translation>
    </message>
    <message>
        <source>Colour</source>
        <translation>Cor</translation>
    </message>
    <message>
        <source>Blue</source>
        <translation>Azul</translation>
    </message>
    <message>
        <source>Orange</source>
        <translation>Laranja</translation>
    </message>
    <message>
        <source>Green</source>
        <translation>Verde</translation>
    </message>
    <message>
        <source>Violet</source>
        <translation>Violeta</translation>
    </message>
    <message>
        <source>Raspberry</source>
        <translation>Framboesa</translation>
    </message>
    <message>
        <source>Ochre</source>
        <translation>Ocre</translation>
    </message>
    <message>
        <source>Teal</source>
        <translation>Turquesa</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>Cinza</translation>
    </message>
</context>
<context>
    <name>Timeline</name>
    <message>
        <source>The last {n} looks</source>
        <translation>As últimas {n} verificações</translation>
    </message>
</context>
<context>
    <name>Toast</name>
    <message>
        <source>Undo</source>
        <translation>Desfazer</translation>
    </message>
    <message>
        <source>Close this notice</source>
        <translation>Fechar este aviso</translation>
    </message>
</context>
<context>
    <name>WaitingPart</name>
    <message>
        <source>Open the browser again</source>
        <translation>Abrir o navegador de novo</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
    </message>
    <message>
        <source>One moment…</source>
        <translation>Um momento…</translation>
    </message>
    <message>
        <source>Waiting for your browser</source>
        <translation>Esperando o seu navegador</translation>
    </message>
    <message>
        <source>A page of Google has opened there. Choose your account on it; this window then goes on by itself.</source>
        <translation>Uma página do Google se abriu nele. Escolha a sua conta; depois esta janela continua sozinha.</translation>
    </message>
    <message>
        <source>No browser could be opened. Copy the address of Google&apos;s page and open it on this computer.</source>
        <translation>Nenhum navegador abriu. Copie o endereço da página do Google e abra-o neste computador.</translation>
    </message>
    <message>
        <source>Copy the address</source>
        <translation>Copiar o endereço</translation>
    </message>
</context>
<context>
    <name>Window</name>
    <message>
        <source>Tattoo Studio</source>
        <translation>Estúdio de Tatuagem</translation>
    </message>
</context>
<context>
    <name>Workspace</name>
    <message>
        <source>FRONT DESK</source>
        <translation>ATENDIMENTO</translation>
    </message>
    <message>
        <source>MONEY</source>
        <translation>DINHEIRO</translation>
    </message>
    <message>
        <source>STUDIO</source>
        <translation>ESTÚDIO</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Teclas</translation>
    </message>
    <message>
        <source>Read the list anew</source>
        <translation>Recarregar a lista</translation>
    </message>
    <message>
        <source>Search</source>
        <translation>Buscar</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>Voltar</translation>
    </message>
    <message>
        <source>Save the form</source>
        <translation>Salvar o formulário</translation>
    </message>
    <message>
        <source>Lock the desk, or let somebody else in</source>
        <translation>Bloquear o balcão ou deixar outra pessoa entrar</translation>
    </message>
    <message>
        <source>Everywhere</source>
        <translation>Em todas as telas</translation>
    </message>
    <message>
        <source>Screens</source>
        <translation>Telas</translation>
    </message>
    <message>
        <source>No connection to the studio&apos;s server. You can go on typing; saving works again as soon as it is back.</source>
        <translation>Sem conexão com o servidor do estúdio. Você pode continuar digitando; salvar volta a funcionar assim que a conexão voltar.</translation>
    </message>
    <message>
        <source>Try now</source>
        <translation>Tentar agora</translation>
    </message>
    <message>
        <source>Your sign-in with Google ends at {time} and could not be renewed.</source>
        <translation>A sua entrada com o Google termina às {time} e não pôde ser renovada.</translation>
    </message>
    <message>
        <source>Sign in again</source>
        <translation>Entrar de novo</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>Tema</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Claro</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>Escuro</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>Como o sistema</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>Idioma</translation>
    </message>
    <message>
        <source>Change password</source>
        <translation>Trocar a senha</translation>
    </message>
    <message>
        <source>PIN for the locked desk</source>
        <translation>PIN do balcão bloqueado</translation>
    </message>
    <message>
        <source>Lock or switch person</source>
        <translation>Bloquear ou trocar de pessoa</translation>
    </message>
    <message>
        <source>Sign out</source>
        <translation>Sair</translation>
    </message>
</context>
<context>
    <name>_LocalForm</name>
    <message>
        <source>A new studio on this computer</source>
        <translation>Um novo estúdio neste computador</translation>
    </message>
    <message>
        <source>Set up the studio</source>
        <translation>Montar o estúdio</translation>
    </message>
    <message>
        <source>Name of the studio</source>
        <translation>Nome do estúdio</translation>
    </message>
    <message>
        <source>Your name</source>
        <translation>Seu nome</translation>
    </message>
    <message>
        <source>Your e-mail</source>
        <translation>Seu e-mail</translation>
    </message>
    <message>
        <source>Password</source>
        <translation>Senha</translation>
    </message>
    <message>
        <source>At least 10 characters. You sign in with it every day.</source>
        <translation>Pelo menos 10 caracteres. Você entra com ela todos os dias.</translation>
    </message>
</context>
<context>
    <name>_ServerForm</name>
    <message>
        <source>Connect to the studio&apos;s server</source>
        <translation>Conectar ao servidor do estúdio</translation>
    </message>
    <message>
        <source>Continue</source>
        <translation>Continuar</translation>
    </message>
    <message>
        <source>Test</source>
        <translation>Testar</translation>
    </message>
    <message>
        <source>Server</source>
        <translation>Servidor</translation>
    </message>
    <message>
        <source>Its name or address; add :port when it is not 5432.</source>
        <translation>O nome ou endereço; acrescente :porta se não for 5432.</translation>
    </message>
    <message>
        <source>Database</source>
        <translation>Banco de dados</translation>
    </message>
</context>
<context>
    <name>_StartForm</name>
    <message>
        <source>Back</source>
        <translation>Voltar</translation>
    </message>
    <message>
        <source>Please fill this in.</source>
        <translation>Preencha este campo.</translation>
    </message>
</context>
<context>
    <name>_Ticks</name>
    <message>
        <source>Done: {stages}</source>
        <translation>Concluído: {stages}</translation>
    </message>
</context>
</TS>
