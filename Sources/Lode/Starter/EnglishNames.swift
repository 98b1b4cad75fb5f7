/// Names of tables and columns turned into words of English.
enum EnglishNames {
    /// `order_lines`, `OrderLines` and `ORDER_LINES` are `order` and `lines`; `APIKeys` is `API` and `Keys`.
    static func words(of name: String) -> [String] {
        let isAllCapitals = !name.contains(where: \.isLowercase)
        var words: [String] = []
        var word = ""
        let letters = Array(isAllCapitals ? name.lowercased() : name)
        for (index, letter) in letters.enumerated() {
            guard letter.isLetter || letter.isNumber else {
                if !word.isEmpty { words.append(word) }
                word = ""
                continue
            }
            if letter.isUppercase, let last = word.last {
                let next = index + 1 < letters.count ? letters[index + 1] : nil
                // In `APIKeys` the K begins a word, for a small letter follows it.
                if last.isLowercase || last.isNumber || next?.isLowercase == true {
                    words.append(word)
                    word = ""
                }
            }
            word.append(letter)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }

    /// `["order", "line"]` is `OrderLine`.
    static func pascal(_ words: [String]) -> String {
        words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
    }

    /// `customer_id` is `customerId`, `URL` is `url`.
    static func camel(_ words: [String]) -> String {
        guard let first = words.first else { return "" }
        let isAcronym = !first.contains(where: \.isLowercase)
        let start = isAcronym ? first.lowercased() : first.prefix(1).lowercased() + first.dropFirst()
        return start + pascal(Array(words.dropFirst()))
    }

    /// What one row of the table is: `order_lines` is `OrderLine`, `tbl_people` is `Person`.
    static func entity(of table: String) -> [String] {
        var words = words(of: table)
        if words.count > 1, let first = words.first, ["tbl", "tb", "t"].contains(first.lowercased()) {
            words.removeFirst()
        }
        if let last = words.popLast() { words.append(singular(last)) }
        return words
    }

    /// One of what the word means many of; a word that is no plural stays.
    static func singular(_ word: String) -> String {
        let lower = word.lowercased()
        if unchanging.contains(lower) { return word }
        if let known = irregular[lower] {
            return word.first?.isUppercase == true ? known.prefix(1).uppercased() + known.dropFirst() : known
        }
        func without(_ count: Int, _ ending: String = "") -> String { String(word.dropLast(count)) + ending }
        guard lower.hasSuffix("s"), lower.count > 2 else { return word }
        if ["ss", "us", "is"].contains(where: lower.hasSuffix) { return word }
        if lower.hasSuffix("ies") {
            return lower.count <= 4 || endingInIE.contains(lower) ? without(1) : without(3, "y")
        }
        if ["sses", "shes", "xes", "zzes"].contains(where: lower.hasSuffix) { return without(2) }
        if lower.hasSuffix("ches") { return endingInE.contains(lower) ? without(1) : without(2) }
        if lower.hasSuffix("uses") {
            let isOfE = ["auses", "ouses"].contains(where: lower.hasSuffix) || endingInE.contains(lower)
            return isOfE ? without(1) : without(2)
        }
        if endingInES.contains(lower) { return without(2) }
        return without(1)
    }

    private static let unchanging: Set<String> = [
        "data", "media", "series", "species", "news", "metadata", "sms", "gps", "dns", "aws", "css", "https", "pos",
        "os",
        "gas", "lens", "alias", "atlas", "bias", "canvas", "chaos", "sales", "goods", "fs", "ops", "devops", "ads",
    ]

    private static let irregular = [
        "people": "person", "children": "child", "men": "man", "women": "woman", "mice": "mouse", "geese": "goose",
        "feet": "foot", "teeth": "tooth", "oxen": "ox", "indices": "index", "vertices": "vertex",
        "matrices": "matrix", "appendices": "appendix", "analyses": "analysis", "crises": "crisis", "theses": "thesis",
        "diagnoses": "diagnosis", "hypotheses": "hypothesis", "synopses": "synopsis", "axes": "axis",
        "criteria": "criterion", "phenomena": "phenomenon", "quizzes": "quiz", "leaves": "leaf", "wolves": "wolf",
        "knives": "knife", "lives": "life", "wives": "wife", "shelves": "shelf", "halves": "half", "calves": "calf",
        "thieves": "thief", "loaves": "loaf", "elves": "elf", "selves": "self", "lenses": "lens",
        "curricula": "curriculum",
        "salespeople": "salesperson", "grandchildren": "grandchild", "addenda": "addendum", "memoranda": "memorandum",
        "skus": "sku", "menus": "menu", "cpus": "cpu", "gpus": "gpu", "gurus": "guru", "alumni": "alumnus",
        "cacti": "cactus", "foci": "focus", "fungi": "fungus", "nuclei": "nucleus",
    ]

    private static let endingInIE: Set<String> = [
        "movies", "cookies", "zombies", "calories", "rookies", "genies", "selfies", "hoodies", "smoothies", "cookies",
        "sorties", "prairies", "birdies", "brownies", "pixies", "neckties",
    ]

    private static let endingInE: Set<String> = [
        "caches", "aches", "headaches", "niches", "moustaches", "psyches", "uses", "excuses", "fuses", "muses",
        "reuses",
    ]

    private static let endingInES: Set<String> = [
        "aliases", "biases", "canvases", "atlases", "gases", "heroes", "potatoes", "tomatoes", "echoes", "vetoes",
        "torpedoes", "cargoes", "volcanoes", "embargoes",
    ]
}
