"""Invented words that the demo studio is made of. None of them means a living person."""

FIRST_NAMES = (
    *("Adriana", "Alana", "Alice", "Aline", "Amanda", "Ana Clara", "Ana Paula", "André", "Antônio"),
    *("Arthur", "Beatriz", "Bernardo", "Breno", "Bruna", "Caio", "Camila", "Carla", "Carolina"),
    *("Cauã", "Cecília", "Clara", "Cristiano", "Daniel", "Daniela", "Danilo", "Davi", "Débora"),
    *("Eduarda", "Eduardo", "Elisa", "Emanuel", "Enzo", "Érica", "Estela", "Fabiana", "Fábio"),
    *("Felipe", "Fernanda", "Flávia", "Gabriel", "Gabriela", "Giovana", "Guilherme", "Gustavo"),
    *("Heitor", "Henrique", "Hugo", "Igor", "Inês", "Ingrid", "Isabela", "Ísis", "Jéssica"),
    *("João Pedro", "João Vitor", "Jonas", "Joana", "Jorge", "José Carlos", "Júlia", "Juliana"),
    *("Kauê", "Laís", "Lara", "Larissa", "Leandro", "Letícia", "Lorena", "Lucas", "Luciana"),
    *("Luísa", "Luiz Felipe", "Maíra", "Manuela", "Marcela", "Marcelo", "Márcio", "Maria Eduarda"),
    *("Mariana", "Marina", "Mateus", "Maurício", "Melissa", "Michele", "Miguel", "Milena"),
    *("Mônica", "Murilo", "Natália", "Nicolas", "Olívia", "Otávio", "Patrícia", "Paula", "Pedro"),
    *("Priscila", "Rafaela", "Raquel", "Renata", "Renato", "Ricardo", "Roberta", "Rodrigo"),
    *("Samuel", "Sara", "Sérgio", "Simone", "Sofia", "Stella", "Tainá", "Talita", "Tatiane"),
    *("Tiago", "Ulisses", "Valentina", "Vanessa", "Vera", "Vinícius", "Vitória", "Wesley", "Yara"),
    *("Yuri", "Zeca"),
)

SURNAMES = (
    *("Abreu", "Aguiar", "Alencar", "Almeida", "Amaral", "Andrade", "Aragão", "Araújo", "Assis"),
    *("Azevedo", "Barbosa", "Barros", "Batista", "Bezerra", "Borges", "Braga", "Brito", "Caldas"),
    *("Camargo", "Campos", "Cardoso", "Carneiro", "Carvalho", "Castro", "Cavalcanti", "Chaves"),
    *("Coelho", "Cordeiro", "Correia", "Costa", "Coutinho", "Cunha", "Dantas", "Dias", "Duarte"),
    *("Esteves", "Faria", "Fernandes", "Ferraz", "Figueiredo", "Fonseca", "Franco", "Freire"),
    *("Freitas", "Furtado", "Galvão", "Garcia", "Gomes", "Gonçalves", "Gouveia", "Guedes"),
    *("Guimarães", "Lacerda", "Leal", "Leite", "Lemos", "Lima", "Lobo", "Lopes", "Macedo"),
    *("Machado", "Magalhães", "Maia", "Marinho", "Marques", "Martins", "Matos", "Medeiros"),
    *("Meireles", "Melo", "Mendes", "Menezes", "Miranda", "Moraes", "Moreira", "Moura", "Muniz"),
    *("Nakamura", "Nascimento", "Neves", "Nogueira", "Novaes", "Nunes", "Okada", "Pacheco"),
    *("Paiva", "Peixoto", "Pereira", "Pinheiro", "Pires", "Queiroz", "Ramos", "Rangel", "Rezende"),
    *("Ribeiro", "Rocha", "Sales", "Santana", "Siqueira", "Soares", "Sousa", "Tanaka", "Tavares"),
    *("Vargas", "Vasconcelos", "Viana", "Vidal", "Xavier", "Zanetti"),
)

STREETS = (
    "Rua das Acácias",
    "Rua do Farol",
    "Rua Sete de Abril",
    "Travessa dos Ipês",
    "Avenida das Palmeiras",
    "Rua Cônego Vieira",
    "Alameda dos Jacarandás",
    "Rua da Pedreira",
    "Rua São Benedito",
    "Avenida Beira-Rio",
)
DISTRICTS = ("Vila Nova", "Jardim das Flores", "Centro", "Alto da Serra", "Bela Vista", "Pinheiral")

ALLERGIES = (
    ("Alergia a látex", "danger"),
    ("Alergia a iodo", "danger"),
    ("Reação a pigmento vermelho", "danger"),
    ("Alergia a lidocaína", "danger"),
    ("Pele sensível: usar película sem cola acrílica", "warning"),
    ("Alergia a níquel (piercing só em titânio)", "warning"),
)
BEHAVIOURS = (
    ("Costuma atrasar: confirmar na véspera", "info"),
    ("Faltou duas vezes sem avisar: pedir sinal", "warning"),
    ("Desmaia fácil: oferecer lanche antes", "warning"),
    ("Prefere a sala fechada", "info"),
)

PROJECTS = {
    "small": (
        *("Frase na costela", "Lua e estrelas no tornozelo", "Ramo de lavanda", "Gato minimalista"),
        *("Data em algarismos romanos", "Andorinha no pulso", "Borboleta na nuca", "Âncora"),
        *(
            "Constelação de Escorpião",
            "Coração anatômico pequeno",
            "Beija-flor",
            "Onda no antebraço",
        ),
    ),
    "medium": (
        *("Peônia no ombro", "Retrato do cachorro", "Bússola no antebraço", "Adaga com rosas"),
        *("Mandala no braço", "Leão em pontilhismo", "Cobra e peônias", "Caravela", "Coruja"),
        *("Mapa de viagem", "Flor de lótus nas costas", "Lobo em realismo"),
    ),
    "large": (
        *("Fechamento de braço oriental", "Costas: dragão e nuvens", "Fechamento de perna"),
        *("Braço em realismo preto e cinza", "Peito: águia tradicional", "Manga floral"),
    ),
    "piercing": ("Piercing de nariz", "Piercing de hélix", "Piercing de umbigo", "Troca de joia"),
    "touch_up": ("Retoque de linha", "Retoque de cor", "Retoque de sombra"),
}

CLIENT_NOTES = (
    "Indicação da Mariana.",
    "Veio pelo Instagram.",
    "Prefere horários depois das 17h.",
    "Quer fechar o braço até o fim do ano.",
    "Gosta de traço fino.",
    "Mora fora: avisar com antecedência.",
    "Já tem tatuagens com outros artistas.",
)

VOID_REASONS = ("Lançado em dobro", "Forma de pagamento errada", "Valor digitado errado")

STOCK = (
    # name, category, supplier, unit price, opening quantity, used a month
    ("Agulha RL 3", "Agulhas", "Agulhas do Vale", "4.90", 120, 34),
    ("Agulha RL 7", "Agulhas", "Agulhas do Vale", "4.90", 100, 26),
    ("Agulha Magnum 11", "Agulhas", "Agulhas do Vale", "6.50", 80, 21),
    ("Tinta preta lining 240 ml", "Tintas", "Nanquim Distribuidora", "189.00", 8, 2),
    ("Tinta branca 30 ml", "Tintas", "Nanquim Distribuidora", "62.00", 6, 1),
    ("Tinta vermelho carmim 30 ml", "Tintas", "Nanquim Distribuidora", "68.00", 6, 1),
    ("Tinta azul ultramar 30 ml", "Tintas", "Nanquim Distribuidora", "68.00", 5, 1),
    ("Luva nitrílica M (caixa 100)", "Descartáveis", "Proteger Hospitalar", "39.90", 30, 9),
    ("Luva nitrílica P (caixa 100)", "Descartáveis", "Proteger Hospitalar", "39.90", 18, 5),
    ("Papel toalha (fardo)", "Descartáveis", "Casa Limpa", "24.90", 20, 7),
    ("Filme PVC 28 cm", "Descartáveis", "Casa Limpa", "18.50", 15, 4),
    ("Batoque P (pacote 200)", "Descartáveis", "Proteger Hospitalar", "16.00", 12, 3),
    ("Película protetora 15 cm × 10 m", "Cuidados", "Proteger Hospitalar", "129.00", 6, 2),
    ("Pomada cicatrizante 30 g", "Revenda", "Derma Bem", "22.00", 40, 14),
    ("Sabonete neutro 250 ml", "Revenda", "Derma Bem", "15.50", 24, 6),
    ("Joia de titânio labret", "Piercing", "Titânio & Cia", "38.00", 60, 15),
    ("Papel hectográfico (100 folhas)", "Desenho", "Nanquim Distribuidora", "95.00", 4, 1),
)
