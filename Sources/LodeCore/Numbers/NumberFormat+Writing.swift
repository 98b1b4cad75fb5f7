extension NumberFormat {
    /// A number as decimal digits, ready to be put into the format.
    struct Digits {
        /// Without a sign: `12`, `12.50`, `##.##`, `Infinity`.
        var text: [UInt8]
        var isNegative: Bool
        /// How many digits before the point the format has more than the number.
        var padding: Int
    }

    /// Puts digits into the format's places.
    func write(_ digits: Digits) throws(ArithmeticError) -> [UInt8] {
        var writer = Writer(self, digits)
        for item in items { try writer.write(item) }
        return writer.finished
    }

    /// Walks along the format's items and the number's digits together, as `NUM_processor` does.
    private struct Writer {
        let format: NumberFormat
        let number: [UInt8]
        let isNegative: Bool
        let padding: Int
        let hasBrackets: Bool
        let signPlace: SignPlace
        /// The place of the last digit that `FM` leaves: of those behind the point, the last that is
        /// not zero; the point, when there is none.
        let lastRelevant: Int?
        /// Digit places, counted so that the last one can be told.
        let count: Int
        var hasSign: Bool
        /// Whether a digit was written, so that a comma is due.
        var isInNumber = false
        /// The next of the format's digit places, and of the number's digits.
        var place = 0
        var next = 0
        var out: [UInt8] = []
        /// Where a digit that the number does not have was asked for: PostgreSQL's text ends there.
        var end: Int?

        init(_ format: NumberFormat, _ digits: Digits) {
            self.format = format
            (number, isNegative, padding) = (digits.text, digits.isNegative, digits.padding)
            if format.hasPlus || format.hasMinus {
                hasBrackets = format.hasBrackets
                signPlace = format.signPlace
                hasSign = format.hasMinus
            } else {
                hasBrackets = format.hasBrackets && (isNegative || !format.fills)
                hasSign = !isNegative && format.fills && format.signPlace == .none
                let isLast = format.signPlace == .before && format.whole == format.digitsBeforeSign
                signPlace = isLast ? .after : format.signPlace
            }
            lastRelevant = format.fills && format.hasPoint ? Self.lastRelevant(number, format, padding) : nil
            count = format.fraction + format.whole - (!hasSign && padding == 0 ? 0 : 1)
            out.reserveCapacity(format.items.count + 4)
        }

        private static func lastRelevant(_ number: [UInt8], _ format: NumberFormat, _ padding: Int) -> Int? {
            guard let point = number.firstIndex(of: UInt8(ascii: ".")) else { return nil }
            let last = number[(point + 1)...].lastIndex { $0 != 48 } ?? point
            // What stands under a `0` stays.
            guard format.lastZero > padding else { return last }
            return max(last, min(number.count - 1, format.lastZero - padding))
        }

        var finished: [UInt8] { end.map { Array(out[..<$0]) } ?? out }

        mutating func write(_ item: Item) throws(ArithmeticError) {
            switch item {
            case .nine, .zero, .point: digit(item)
            case .comma:
                if isInNumber { out.append(UInt8(ascii: ",")) } else if !format.fills { out.append(0x20) }
            case .currency: out.append(0x20)
            case .minus:
                if isNegative { out.append(UInt8(ascii: "-")) } else if !format.fills { out.append(0x20) }
            case .plus:
                if !isNegative { out.append(UInt8(ascii: "+")) } else if !format.fills { out.append(0x20) }
            case .sign: out.append(UInt8(ascii: isNegative ? "-" : "+"))
            case .ordinal(let isUpper): try ordinal(isUpper: isUpper)
            case .literal(let byte): out.append(byte)
            case .silent: break
            }
        }

        /// A zero alone before a point: it is not shown under a `9`.
        private var isHiddenZero: Bool {
            format.firstZero == nil && next == 0 && number.first == 48 && format.fraction != 0
        }

        private var isWhole: Bool { lastRelevant.map { number[$0] == UInt8(ascii: ".") } ?? false }

        private mutating func digit(_ item: Item) {
            isInNumber = false
            signBefore()
            let isPadding = place < padding
            if isPadding, place < (format.firstZero ?? .max) {
                if !format.fills { out.append(0x20) }
            } else if isPadding {
                out.append(48)
                isInNumber = true
            } else {
                take(item)
            }
            signAfter()
            place += 1
        }

        /// The sign goes before the first thing that is shown.
        private mutating func signBefore() {
            guard !hasSign, place >= padding || format.firstZero == place, !isHiddenZero || isWhole else { return }
            switch signPlace {
            case .before:
                out.append(UInt8(ascii: isNegative ? "-" : "+"))
                hasSign = true
            case .after: break
            case .none:
                if hasBrackets {
                    out.append(UInt8(ascii: isNegative ? "<" : " "))
                } else if isNegative {
                    out.append(UInt8(ascii: "-"))
                } else if !format.fills {
                    out.append(0x20)
                }
                hasSign = true
            }
        }

        private mutating func take(_ item: Item) {
            let byte = next < number.count ? number[next] : nil
            if byte == UInt8(ascii: ".") {
                if !isWhole || format.fills { out.append(UInt8(ascii: ".")) }
            } else if let lastRelevant, next > lastRelevant, item != .zero {
                // Cut by `FM`.
            } else if isHiddenZero {
                if !format.fills {
                    out.append(0x20)
                } else if isWhole {
                    out.append(48)
                }
            } else {
                if byte == nil, end == nil { end = out.count }
                out.append(byte ?? 48)
                isInNumber = true
            }
            if byte != nil { next += 1 }
        }

        /// A closing bracket or a sign goes behind the last digit.
        private mutating func signAfter() {
            let isJustBeforeLast = lastRelevant == next && lastRelevant != nil
            let last = isJustBeforeLast ? place : count + (padding > 0 ? 1 : 0) + (format.hasPoint ? 1 : 0)
            guard place + 1 == last else { return }
            if hasSign, hasBrackets {
                out.append(UInt8(ascii: isNegative ? ">" : " "))
            } else if signPlace == .after {
                out.append(UInt8(ascii: isNegative ? "-" : "+"))
            }
        }

        private mutating func ordinal(isUpper: Bool) throws(ArithmeticError) {
            guard number.first != UInt8(ascii: "#"), !isNegative, !format.hasPoint else { return }
            guard let last = number.last, last.isDigit else { throw .invalidText("numeric") }
            let isTeen = number.count > 1 && number[number.count - 2] == UInt8(ascii: "1")
            let suffix: StaticString =
                switch isTeen ? 48 : last {
                case UInt8(ascii: "1"): isUpper ? "ST" : "st"
                case UInt8(ascii: "2"): isUpper ? "ND" : "nd"
                case UInt8(ascii: "3"): isUpper ? "RD" : "rd"
                default: isUpper ? "TH" : "th"
                }
            JSONText.append(suffix, to: &out)
        }
    }
}
