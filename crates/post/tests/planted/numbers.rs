//! Values with valid checksums.

use super::Part;

/// Draws numbers: SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
pub(crate) struct Draw {
    state: u64,
    part: Part,
}

impl Draw {
    pub(crate) fn new(part: Part) -> Self {
        Self {
            state: 20_260_704 + part as u64,
            part,
        }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, n: usize) -> usize {
        (self.next() % n as u64) as usize
    }

    /// One of those that belong to the part: every second.
    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        let mine = of.len() / 2 + usize::from(self.part == Part::Development) * (of.len() % 2);
        of[2 * self.below(mine) + self.part as usize]
    }

    /// `#` becomes a digit, `^` one from 1, `%` one from 2 to 8, `@` a small letter, `&` a capital, `[abc]` one of those; a
    /// backslash keeps the sign behind it.
    pub(crate) fn filled(&mut self, pattern: &str) -> String {
        let mut out = String::new();
        let mut signs = pattern.chars();
        while let Some(c) = signs.next() {
            match c {
                '#' => out.push(char::from(b'0' + self.below(10) as u8)),
                '^' => out.push(char::from(b'1' + self.below(9) as u8)),
                '%' => out.push(char::from(b'2' + self.below(7) as u8)),
                '@' => out.push(char::from(b'a' + self.below(26) as u8)),
                '&' => out.push(char::from(b'A' + self.below(26) as u8)),
                '\\' => out.extend(signs.next()),
                '[' => {
                    let set: Vec<char> = signs.by_ref().take_while(|c| *c != ']').collect();
                    out.push(set[self.below(set.len())]);
                }
                _ => out.push(c),
            }
        }
        out
    }

    pub(crate) fn value(&mut self, kind: &str, language: &str) -> String {
        match kind {
            "email" => self.email(),
            "phone" => self.phone(language),
            "card" => self.card(),
            "iban" => self.iban(language),
            "ip" => self.ip(),
            "id" => self.id(language),
            "place" => self.place(),
            _ => self.address(language),
        }
    }

    fn email(&mut self) -> String {
        // The sign `@` means a letter in patterns.
        let local = [
            "@@@@@.@@@@@@",
            "@@@@@@@##",
            "@.@@@@@@@",
            "&@@@&@@@@@",
            "@@@@_@@@@+@@@",
            "@@@-@@@@@",
        ];
        let host = [
            "@@@@@@@.com",
            "@@@@-@@@@.de",
            "mail.@@@@@@.co.uk",
            "@@@@@@@@.fr",
            "@@@@@.org",
            "@@@@@@.nl",
        ];
        let (local, host) = (self.one(&local), self.one(&host));
        format!("{}@{}", self.filled(local), self.filled(host))
    }

    fn phone(&mut self, language: &str) -> String {
        let forms: &[&str] = match language {
            "en" => &[
                "+1 %## %## ####",
                "(%##) %##-####",
                "%##-%##-####",
                "+44 7### ######",
                "07### ######",
                "020 7### ####",
                "01## ### ####",
                "+1-%##-%##-####",
                "%##.%##.####",
                "+44 (0)20 7### ####",
            ],
            "de" => &[
                "+49 1[567]# #######",
                "01[567]#/#######",
                "01[567]# ### ## ##",
                "0%# ^#######",
                "(0%##) ^######",
                "+49 (0)%# ^#######",
                "0049 1[567]# #######",
                "01[567]########",
                "0%##-^######",
                "0%## / ^## ## ##",
            ],
            "fr" => &[
                "0[67] ## ## ## ##",
                "0[12345] ## ## ## ##",
                "+33 [67] ## ## ## ##",
                "0[67].##.##.##.##",
                "0[67]########",
                "+33[67]########",
                "0033 [67] ## ## ## ##",
                "0[67]-##-##-##-##",
                "+33 (0)[67] ## ## ## ##",
            ],
            "es" => &[
                "+34 6## ### ###",
                "6## ### ###",
                "6## ## ## ##",
                "+34 9^ ### ## ##",
                "0034 6## ### ###",
                "9^# ## ## ##",
                "+346########",
                "9^# ### ###",
            ],
            "it" => &[
                "+39 3%# #######",
                "3%# #######",
                "3%# ### ####",
                "06 ########",
                "02 #### ####",
                "+39 0% ########",
                "0039 3%# #######",
                "3%#-#######",
                "055 ######",
            ],
            "pt" => &[
                "+351 9[1236]# ### ###",
                "9[1236]# ### ###",
                "21# ### ###",
                "(11) 9####-####",
                "+55 11 9####-####",
                "00351 9[1236]# ### ###",
                "11 9####-####",
                "22 ### ## ##",
            ],
            _ => &[
                "+31 6 ########",
                "06-########",
                "06 ########",
                "06########",
                "0%0-#######",
                "+316########",
                "0031 6 ########",
                "06 ## ## ## ##",
                "(0%0) ### ## ##",
                "0%## ######",
            ],
        };
        let form = self.one(forms);
        self.filled(form)
    }

    fn card(&mut self) -> String {
        let (form, groups): (&str, &[usize]) = [
            ("4##############", &[4, 4, 4, 4][..]),
            ("5[12345]#############", &[4, 4, 4, 4]),
            ("2[3456]#############", &[4, 4, 4, 4]),
            ("3[47]############", &[4, 6, 5]),
            ("6011###########", &[4, 4, 4, 4]),
            ("36###########", &[4, 6, 4]),
        ][self.below(6)];
        let mut digits = self.filled(form);
        let sum: u32 = digits
            .bytes()
            .rev()
            .enumerate()
            .map(|(i, b)| {
                let d = u32::from(b - b'0') * if i % 2 == 0 { 2 } else { 1 };
                d / 10 + d % 10
            })
            .sum();
        digits.push(char::from(b'0' + ((10 - sum % 10) % 10) as u8));
        match self.below(3) {
            0 => digits,
            n => grouped(&digits, groups, if n == 1 { " " } else { "-" }),
        }
    }

    fn iban(&mut self, language: &str) -> String {
        let (country, form) = match language {
            "en" => ("GB", "&&&&##############"),
            "de" => [
                ("DE", "##################"),
                ("AT", "################"),
                ("CH", "#################"),
            ][self.below(3)],
            "fr" => [("FR", "#######################"), ("BE", "############")][self.below(2)],
            "es" => ("ES", "####################"),
            "it" => ("IT", "&######################"),
            "pt" => ("PT", "#####################"),
            _ => ("NL", "&&&&##########"),
        };
        let account = self.filled(form);
        let number = |rest: u64, c: char| match c.to_digit(10) {
            Some(d) => (rest * 10 + u64::from(d)) % 97,
            None => (rest * 100 + u64::from(c) - u64::from('A') + 10) % 97,
        };
        let rest = account
            .chars()
            .chain(country.chars())
            .chain("00".chars())
            .fold(0, number);
        let iban = format!("{country}{:02}{account}", 98 - rest);
        match self.below(3) {
            0 => iban,
            _ => grouped(&iban, &[4; 9], " "),
        }
    }

    fn ip(&mut self) -> String {
        if self.below(4) == 0 {
            let form = [
                "2001:db8:%###:####:^#a#:^b##:^c##:####",
                "2a0%:####:^##a::^f##:%###",
                "fe80::^a##:%#ff:fe##:####",
            ];
            let form = self.one(&form);
            return self.filled(form);
        }
        let mut octet = |least: usize| least + self.below(254 - least);
        format!("{}.{}.{}.{}", octet(128), octet(1), octet(1), octet(1))
    }

    fn id(&mut self, language: &str) -> String {
        match language {
            "en" => match self.below(2) {
                0 => self.filled("%^#-%#-%###"),
                _ => self.filled("[ABCEGHJ][ABCEGHJKLMN] ## ## ## [ABCD]"),
            },
            "de" => format!("Steuer-ID {}", self.steuer_id()),
            "fr" => self.nir(),
            "es" => self.dni(),
            "it" => self.codice_fiscale(),
            "pt" => match self.below(2) {
                0 => self.cpf(),
                _ => format!(
                    "NIF {}",
                    self.weighted("[12]#######", |r| if r < 2 { 0 } else { 11 - r })
                ),
            },
            _ => format!("BSN {}", self.weighted("^#######", |r| r)),
        }
    }

    /// ISO 7064 mod 11, 10.
    fn steuer_id(&mut self) -> String {
        let digits = self.filled("^#########");
        let product = digits.bytes().fold(10, |p, b| {
            let sum = (u32::from(b - b'0') + p) % 10;
            (if sum == 0 { 10 } else { sum }) * 2 % 11
        });
        let whole = format!("{digits}{}", (11 - product) % 10);
        grouped(
            &whole,
            if self.below(2) == 0 { &[2, 3, 3, 3] } else { &[11] },
            " ",
        )
    }

    fn nir(&mut self) -> String {
        let (month, department) = (1 + self.below(12), 1 + self.below(95));
        let digits = self.filled(&format!("[12]##{month:02}{department:02}######"));
        let number: u64 = digits.parse().unwrap_or_default();
        let whole = format!("{digits}{:02}", 97 - number % 97);
        grouped(
            &whole,
            if self.below(2) == 0 {
                &[1, 2, 2, 2, 3, 3, 2]
            } else {
                &[15]
            },
            " ",
        )
    }

    fn dni(&mut self) -> String {
        const LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";
        let letter = |n: usize| char::from(LETTERS[n % 23]);
        if self.below(3) == 0 {
            let first = self.below(3);
            let digits = self.filled("#######");
            let n = first * 10_000_000 + digits.parse::<usize>().unwrap_or_default();
            return format!("{}{digits}{}", ["X", "Y", "Z"][first], letter(n));
        }
        let digits = self.filled("^#######");
        let n = digits.parse().unwrap_or_default();
        format!("{digits}{}{}", ["", "-"][self.below(2)], letter(n))
    }

    fn codice_fiscale(&mut self) -> String {
        const ODD: [u32; 26] = [
            1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23,
        ];
        let head = self.filled("[BCDFGLMNPRSTVZ][BCDFGLMNPRSTVZ][AEIOUBCR][BCDFGLMNPRSTVZ][BCDFGLMNPRSTVZ][AEIOUBCR]##[ABCDEHLMPRST][0123456]^[ABCDEFGHIL]###");
        let value = |b: u8| u32::from(if b.is_ascii_digit() { b - b'0' } else { b - b'A' });
        let sum: u32 = head
            .bytes()
            .enumerate()
            .map(|(i, b)| {
                if i % 2 == 0 {
                    ODD[value(b) as usize]
                } else {
                    value(b)
                }
            })
            .sum();
        format!("{head}{}", char::from(b'A' + (sum % 26) as u8))
    }

    fn cpf(&mut self) -> String {
        let mut digits = self.filled("^########");
        for weights in [10u32, 11] {
            let sum: u32 = digits
                .bytes()
                .zip((2..=weights).rev())
                .map(|(b, w)| u32::from(b - b'0') * w)
                .sum();
            digits.push(char::from(b'0' + (sum * 10 % 11 % 10) as u8));
        }
        format!(
            "{}.{}.{}-{}",
            &digits[..3],
            &digits[3..6],
            &digits[6..9],
            &digits[9..]
        )
    }

    /// Eight digits and one that their weighted sum decides; drawn again where no digit can be it.
    fn weighted(&mut self, form: &str, check: impl Fn(u32) -> u32) -> String {
        loop {
            let digits = self.filled(form);
            let sum: u32 = digits
                .bytes()
                .zip((2..=9).rev())
                .map(|(b, w)| u32::from(b - b'0') * w)
                .sum();
            let last = check(sum % 11);
            if last < 10 {
                return format!("{digits}{last}");
            }
        }
    }

    fn place(&mut self) -> String {
        let forms = [
            "[45]#.#####, ^.#####",
            "-[23]#.####, 1[45]#.####",
            "[345]#.######,-^.######",
            "[45]#.##### ^#.#####",
            "5^°[12345]#'^#\"N ^°[12345]#'^#\"E",
            "4^°[12345]#′N ^°[12345]#′W",
            "[45]#.#####° N, ^#.#####° E",
        ];
        let form = self.one(&forms);
        self.filled(form)
    }

    fn address(&mut self, language: &str) -> String {
        let forms: &[&str] = match language {
            "en" => &[
                "^# Maple Street",
                "^## Old Mill Road",
                "^#2 N. Cedar Ave",
                "^# Church Lane",
                "^#[ab] Kingfisher Drive",
                "1#^# Harbour View Terrace",
                "^## Willow Creek Blvd",
                "^# St. Anne's Close",
                "^### West Lincoln Avenue",
                "Flat %, ^# Orchard Court",
            ],
            "de" => &[
                "Lindenstraße ^#",
                "Am Alten Markt ^",
                "Goethestr. ^#[abc]",
                "Kölner Straße ^##",
                "Mühlenweg ^",
                "Berliner Allee ^#",
                "Karl-Marx-Allee ^#",
                "Schlossplatz ^",
                "Hafengasse ^#",
                "Unter den Linden ^#",
            ],
            "fr" => &[
                "^# rue des Lilas",
                "^#, avenue Victor Hugo",
                "^## boulevard Voltaire",
                "^ bis rue de la République",
                "^# place du Marché",
                "^# allée des Tilleuls",
                "^#, chemin du Moulin",
                "^ impasse Saint-Martin",
                "^# quai de la Loire",
            ],
            "es" => &[
                "Calle Mayor ^#",
                "C/ Alcalá, ^##",
                "Avenida de la Constitución ^#",
                "Plaza de España, ^",
                "Paseo de Gracia ^#",
                "Calle del Pez, nº ^#",
                "Avda. Diagonal ^##",
                "Carrer de Balmes, ^##",
            ],
            "it" => &[
                "Via Garibaldi ^#",
                "via Roma, ^#",
                "Viale dei Mille ^#",
                "Piazza Dante, ^",
                "Corso Vittorio Emanuele ^##",
                "Via della Moscova, n. ^#",
                "Vicolo Stretto ^",
                "via XX Settembre ^#",
            ],
            "pt" => &[
                "Rua das Flores ^#",
                "Rua Augusta, ^###",
                "Avenida da Liberdade, ^##",
                "Av. Paulista, ^###",
                "Travessa do Carmo, ^",
                "Praça da Figueira ^#",
                "R. da Rosa, nº ^#",
                "Largo do Rato, ^",
            ],
            _ => &[
                "Kerkstraat ^##",
                "Dorpsstraat ^",
                "Prinsengracht ^##",
                "Van Goghlaan ^#",
                "Stationsplein ^",
                "Lange Nieuwstraat ^#",
                "Havenkade ^#[ab]",
                "Nassausingel ^#",
                "Burgemeester de Vlugtlaan ^##",
            ],
        };
        let form = self.one(forms);
        self.filled(form)
    }
}

fn grouped(digits: &str, groups: &[usize], between: &str) -> String {
    let mut rest = digits;
    let mut parts = Vec::new();
    for n in groups {
        let (part, after) = rest.split_at((*n).min(rest.len()));
        if !part.is_empty() {
            parts.push(part);
        }
        rest = after;
    }
    parts.join(between)
}
