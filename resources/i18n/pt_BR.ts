<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="br_FR">
<context>
    <name>Application</name>
    <message>
        <source>Opening the studio</source>
        <translation>Abrindo o estúdio</translation>
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
        <source>Save</source>
        <translation>Salvar</translation>
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
        <source>The form was closed without saving.</source>
        <translation>O formulário foi fechado sem salvar.</translation>
    </message>
    <message>
        <source>Somebody else&apos;s changes were kept as well: {fields}.</source>
        <translation>As mudanças de outra pessoa também foram mantidas: {fields}.</translation>
    </message>
    <message>
        <source>The first try was saved after all. Save once more to change it.</source>
        <translation>A primeira tentativa tinha sido salva. Salve de novo para alterá-la.</translation>
    </message>
    <message>
        <source>Somebody else changed this client meanwhile. Choose what shall stand, and save.</source>
        <translation>Outra pessoa alterou este cliente enquanto isso. Escolha o que fica e salve.</translation>
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
        <source>Save</source>
        <translation>Salvar</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Cancelar</translation>
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
        <source>The last try, {when}: {reason}</source>
        <translation>A última tentativa, {when}: {reason}</translation>
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
        <source>{host} answers. Continue to sign in.</source>
        <translation>{host} responde. Continue para entrar.</translation>
    </message>
</context>
<context>
    <name>FirstStartPage</name>
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
    <name>Notifier</name>
    <message>
        <source>The program made a mistake. Nothing you typed is lost. If it happens again, tell us the number {reference}.</source>
        <translation>O programa cometeu um erro. Nada do que você digitou se perdeu. Se acontecer de novo, informe o número {reference}.</translation>
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
        <source>The database server lacks the extension “{extension}”. Install PostgreSQL&apos;s contrib package there.</source>
        <translation>Falta a extensão “{extension}” no servidor. Instale nele o pacote contrib do PostgreSQL.</translation>
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
    <name>SidePanel</name>
    <message>
        <source>Close the panel</source>
        <translation>Fechar o painel</translation>
    </message>
</context>
<context>
    <name>SignInController</name>
    <message>
        <source>Looking for the server…</source>
        <translation>Procurando o servidor…</translation>
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
        <source>Signing in…</source>
        <translation>Entrando…</translation>
    </message>
    <message>
        <source>Sign in to the studio</source>
        <translation>Entrar no estúdio</translation>
    </message>
    <message>
        <source>With your own e-mail and password.</source>
        <translation>Com o seu próprio e-mail e senha.</translation>
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
