using System.Globalization;
using System.Text;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>
/// Writes a PCRE pattern as one for .NET's engine over Latin-1 text. Where they differ PCRE's meaning is spelled out: classes are sets of
/// bytes, letters fold in ASCII only, groups are numbered as they open (named ones too), quantifiers may be possessive. What .NET has no
/// means for (recursion, branch reset, <c>\K</c>) is refused, not approximated.
/// </summary>
internal sealed class PatternTranslator(string pattern, bool ignoreCase)
{
    [Limit("pattern depth")]
    private const int DepthMax = 250;
    private const string NotRepeatable = "quantifier does not follow a repeatable item";
    private const string NoSuchGroup = "reference to non-existent subpattern";

    private readonly StringBuilder _out = new();
    private readonly List<(string Name, int Group)> _names = [];
    private readonly List<(int Group, int Offset)> _references = [];
    private int _at;
    private int _depth;
    private int _groups;
    private Flags _flags = ignoreCase ? Flags.IgnoreCase : Flags.None;

    [Flags]
    private enum Flags
    {
        None = 0,
        IgnoreCase = 1,
        Multiline = 2,
        DotAll = 4,
        Extended = 8,
        Ungreedy = 16,
    }

    /// <summary>Named groups with their numbers, by name.</summary>
    public IReadOnlyList<(string Name, int Group)> Names => _names;

    /// <summary>How many groups capture.</summary>
    public int Groups => _groups;

    /// <summary>The pattern for .NET. Throws <see cref="PatternException"/>.</summary>
    public string Translate()
    {
        Verbs();
        Alternatives();
        if (_at < pattern.Length)
            throw new PatternException("unmatched closing parenthesis", _at);
        foreach (var (group, offset) in _references)
        {
            if (group > _groups)
                throw new PatternException(NoSuchGroup, offset);
        }
        _names.Sort((a, b) => string.CompareOrdinal(a.Name, b.Name));
        return _out.ToString();
    }

    // (*UTF8) and the like stand at the very beginning.
    private void Verbs()
    {
        while (pattern.AsSpan(_at).StartsWith("(*"))
        {
            var close = pattern.IndexOf(')', _at);
            var verb = close < 0 ? "" : pattern[(_at + 2)..close];
            if (verb is not ("ANYCRLF" or "LF" or "NO_JIT" or "NO_START_OPT" or "NO_AUTO_POSSESS" or "BSR_ANYCRLF"))
                throw new PatternException(
                    verb is "UTF8" or "UTF" or "UCP" ? $"(*{verb}) is not supported" : "(*VERB) not recognized or malformed",
                    close < 0 ? pattern.Length : close);
            _at = close + 1;
        }
    }

    private int Alternatives()
    {
        var branches = 1;
        while (true)
        {
            Branch();
            if (_at >= pattern.Length || pattern[_at] != '|')
                return branches;
            _at++;
            branches++;
            _out.Append('|');
        }
    }

    private void Branch()
    {
        while (_at < pattern.Length && pattern[_at] is not ('|' or ')'))
        {
            if (SkipsExtended())
                continue;
            var (atom, from) = (_out.Length, _at);
            var quantifiable = Atom();
            while (_at < pattern.Length && SkipsExtended())
            {
            }
            if (quantifiable && _at < pattern.Length)
                Quantifier(atom);
            else if (!quantifiable && _at < pattern.Length && _at > from && IsQuantifier(_at, out var end))
                throw new PatternException(NotRepeatable, end - 1);
        }
    }

    private bool SkipsExtended()
    {
        if (pattern.AsSpan(_at).StartsWith("(?#"))
        {
            var close = pattern.IndexOf(')', _at);
            if (close < 0)
                throw new PatternException("missing ) after (?# comment", pattern.Length);
            _at = close + 1;
            return true;
        }
        if ((_flags & Flags.Extended) == 0)
            return false;
        if (pattern[_at] == '#')
        {
            var end = pattern.IndexOf('\n', _at);
            _at = end < 0 ? pattern.Length : end + 1;
            return true;
        }
        if (pattern[_at] is not (' ' or (>= '\t' and <= '\r')))
            return false;
        _at++;
        return true;
    }

    /// <summary>Writes one item; false if it can bear no quantifier.</summary>
    private bool Atom()
    {
        var ch = pattern[_at];
        if (IsQuantifier(_at, out var end))
            throw new PatternException(NotRepeatable, end - 1);
        switch (ch)
        {
            case '(':
                return Group();
            case '[':
                if (_at + 1 < pattern.Length && pattern[_at + 1] is ':' or '.' or '=' && PosixEnd(_at) > 0)
                    throw new PatternException("POSIX named classes are supported only within a class", _at);
                _at++;
                _out.Append(PatternClass.Read(pattern, ref _at, (_flags & Flags.IgnoreCase) != 0));
                return true;
            case '\\':
                _at++;
                return Escape();
            case '^':
                _at++;
                _out.Append((_flags & Flags.Multiline) != 0 ? "(?m:^)" : "^");
                return false;
            case '$':
                _at++;
                _out.Append((_flags & Flags.Multiline) != 0 ? "(?m:$)" : "$");
                return false;
            case '.':
                _at++;
                _out.Append((_flags & Flags.DotAll) != 0 ? "[\\x00-\\xFF]" : "[^\\n]");
                return true;
        }
        _at++;
        Literal(ch);
        return true;
    }

    private int PosixEnd(int from)
    {
        var close = pattern.IndexOf(pattern[from + 1] + "]", from + 2, StringComparison.Ordinal);
        return close > 0 && pattern.AsSpan(from + 2, close - from - 2).IndexOfAny("[]\\") < 0 ? close : -1;
    }

    private void Literal(int value)
    {
        if ((_flags & Flags.IgnoreCase) != 0 && char.IsAsciiLetter((char)value))
            _out.Append(CultureInfo.InvariantCulture, $"[{char.ToUpperInvariant((char)value)}{char.ToLowerInvariant((char)value)}]");
        else if (char.IsAsciiLetterOrDigit((char)value) || value is '/' or '_' or '-')
            _out.Append((char)value);
        else
            _out.Append(CultureInfo.InvariantCulture, $"\\x{value:X2}");
    }

    private bool Escape()
    {
        if (_at >= pattern.Length)
            throw new PatternException("\\ at end of pattern", pattern.Length);
        var ch = pattern[_at];
        if (ch is >= '1' and <= '9')
            return NumberedReference();
        if (PatternEscapes.TryByte(pattern, ref _at) is { } value)
        {
            Literal(value);
            return true;
        }
        if (ch != 'n' && ByteSet.OfEscape(ch) is { } set)
        {
            _at++;
            _out.Append(set);
            return true;
        }
        const string word = "[A-Za-z0-9_]";
        _at++;
        switch (ch)
        {
            case 'b':
                _out.Append($"(?:(?<={word})(?!{word})|(?<!{word})(?={word}))");
                return false;
            case 'B':
                _out.Append($"(?:(?<={word})(?={word})|(?<!{word})(?!{word}))");
                return false;
            case 'A' or 'Z' or 'z' or 'G':
                _out.Append('\\').Append(ch);
                return false;
            case 'R':
                _out.Append("(?>\\r\\n|[\\n\\x0B\\f\\r\\x85])");
                return true;
            case 'Q':
                Quoted();
                return true;
            case 'E':
                return false;
            case 'k':
                NamedReference();
                return true;
            case 'g':
                BracedReference();
                return true;
            case 'p' or 'P':
                _at--;
                _out.Append(PatternEscapes.Property(pattern, ref _at));
                return true;
            case 'K' or 'X' or 'C':
                throw new PatternException($"\\{ch} is not supported", _at);
            case 'L' or 'l' or 'U' or 'u' or 'F':
                throw new PatternException("PCRE2 does not support \\F, \\L, \\l, \\N{name}, \\U, or \\u", _at);
        }
        throw new PatternException("unrecognized character follows \\", _at - 1);
    }

    private void Quoted()
    {
        var end = pattern.IndexOf("\\E", _at, StringComparison.Ordinal);
        var stop = end < 0 ? pattern.Length : end;
        // A quantifier after the quotation belongs to its last character.
        for (; _at < stop; _at++)
            Literal(pattern[_at]);
        _at = end < 0 ? stop : end + 2;
    }

    private bool NumberedReference()
    {
        var start = _at;
        while (_at < pattern.Length && char.IsAsciiDigit(pattern[_at]))
            _at++;
        var number = int.TryParse(pattern.AsSpan(start, _at - start), CultureInfo.InvariantCulture, out var n) ? n : int.MaxValue;
        if (number >= 10 && number > _groups && pattern[start] < '8')
        {
            _at = start;
            Literal(PatternEscapes.Octal(pattern, ref _at, 3));
            return true;
        }
        Reference(number, _at - 1);
        return true;
    }

    private void Reference(int group, int offset)
    {
        _references.Add((group, offset));
        _out.Append((_flags & Flags.IgnoreCase) != 0 ? $"(?i:\\k<{group}>)" : $"\\k<{group}>");
    }

    private void Reference(string name, int offset)
    {
        var group = _names.FirstOrDefault(n => n.Name == name).Group;
        Reference(group > 0 ? group : throw new PatternException(NoSuchGroup, offset), offset);
    }

    private void NamedReference()
    {
        if (_at >= pattern.Length || pattern[_at] is not ('<' or '\'' or '{'))
            throw new PatternException("\\k is not followed by a braced, angle-bracketed, or quoted name", _at);
        var close = pattern[_at] switch { '<' => '>', '{' => '}', var quote => quote };
        _at++;
        var start = _at;
        Reference(Name(close), start);
    }

    private void BracedReference()
    {
        const string refusal = "\\g is not followed by a braced, angle-bracketed, or quoted name/number or by a plain number";
        var braced = _at < pattern.Length && pattern[_at] == '{';
        if (braced)
            _at++;
        var start = _at;
        var relative = _at < pattern.Length && pattern[_at] == '-';
        if (relative)
            _at++;
        var digits = _at;
        while (_at < pattern.Length && char.IsAsciiDigit(pattern[_at]))
            _at++;
        if (_at == digits && braced && !relative)
        {
            Reference(Name('}'), start);
            return;
        }
        if (!int.TryParse(pattern.AsSpan(digits, _at - digits), CultureInfo.InvariantCulture, out var number))
            throw new PatternException(refusal, _at);
        if (braced && (_at >= pattern.Length || pattern[_at] != '}'))
            throw new PatternException(refusal, _at);
        Reference(relative ? _groups + 1 - number : number, braced ? _at : _at - 1);
        if (braced)
            _at++;
    }

    private string Name(char close)
    {
        var start = _at;
        if (_at < pattern.Length && char.IsAsciiDigit(pattern[_at]))
            throw new PatternException("subpattern name must start with a non-digit", _at);
        while (_at < pattern.Length && (char.IsAsciiLetterOrDigit(pattern[_at]) || pattern[_at] == '_'))
            _at++;
        if (_at == start)
            throw new PatternException("subpattern name expected", _at);
        if (_at >= pattern.Length || pattern[_at] != close)
            throw new PatternException("syntax error in subpattern name (missing terminator?)", _at);
        _at++;
        return pattern[start..(_at - 1)];
    }

    private bool Group()
    {
        if (++_depth > DepthMax)
            throw new PatternException("parentheses are too deeply nested", _at + 1);
        var (outer, open) = (_flags, _at++);
        var repeatable = true;
        if (_at < pattern.Length && pattern[_at] == '?')
        {
            _at++;
            if (Options(outer, out var closed) && closed)
            {
                _depth--;
                return false;
            }
            repeatable = Opening(open);
        }
        else
        {
            Capture();
        }
        var isConditional = _out.Length > 2 && _out[^1] == ')' && pattern.AsSpan(open).StartsWith("(?(");
        var branches = Alternatives();
        if (isConditional && branches > 2)
            throw new PatternException("conditional subpattern contains more than two branches", open);
        if (_at >= pattern.Length)
            throw new PatternException("missing closing parenthesis", pattern.Length);
        _at++;
        _depth--;
        _out.Append(')');
        _flags = outer;
        return repeatable;
    }

    private void Capture() => _out.Append(CultureInfo.InvariantCulture, $"(?<{++_groups}>");

    private void NamedCapture(char close)
    {
        var name = Name(close);
        if (_names.Any(n => n.Name == name))
            throw new PatternException("two named subpatterns have the same name (PCRE2_DUPNAMES not set)", _at);
        Capture();
        _names.Add((name, _groups));
    }

    /// <summary>
    /// Options behind <c>(?</c>; <paramref name="closed"/> if they stand alone and hold for the rest of the group around.
    /// </summary>
    private bool Options(Flags outer, out bool closed)
    {
        closed = false;
        var (at, flags, set) = (_at, outer, true);
        for (; at < pattern.Length; at++)
        {
            var flag = pattern[at] switch
            {
                'i' => Flags.IgnoreCase,
                'm' => Flags.Multiline,
                's' => Flags.DotAll,
                'x' => Flags.Extended,
                'U' => Flags.Ungreedy,
                _ => Flags.None,
            };
            if (flag != Flags.None)
                flags = set ? flags | flag : flags & ~flag;
            else if (pattern[at] == '-' && set)
                set = false;
            else if (pattern[at] == '^' && at == _at)
                flags = Flags.None;
            else
                break;
        }
        if (at == _at || at >= pattern.Length || pattern[at] is not (')' or ':'))
            return at > _at && at >= pattern.Length ? throw new PatternException("missing closing parenthesis", at) : false;
        closed = pattern[at] == ')';
        _at = closed ? at + 1 : at;
        _flags = flags;
        return true;
    }

    // What follows "(?"; false for an assertion that takes no quantifier here.
    private bool Opening(int open)
    {
        var rest = pattern.AsSpan(_at);
        string[] same = [":", ">", "=", "!", "<=", "<!"];
        foreach (var prefix in same)
        {
            if (!rest.StartsWith(prefix))
                continue;
            _at += prefix.Length;
            _out.Append("(?").Append(prefix);
            return true;
        }
        if (rest.IsEmpty)
            throw new PatternException("missing closing parenthesis", pattern.Length);
        switch (rest[0])
        {
            case '<' or '\'':
                _at++;
                NamedCapture(rest[0] == '<' ? '>' : '\'');
                return true;
            case 'P' when rest.StartsWith("P<"):
                _at += 2;
                NamedCapture('>');
                return true;
            case 'P' when rest.StartsWith("P="):
                _at += 2;
                var start = _at;
                _out.Append("(?:");
                Reference(Name(')'), start);
                _at--;
                return true;
            case '(':
                Condition(open);
                return true;
            case '|' or 'R' or '&' or 'C' or 'P' or (>= '0' and <= '9') or '+' or '-':
                throw new PatternException($"(?{rest[0]} is not supported", _at);
        }
        throw new PatternException("unrecognized character after (? or (?-", _at);
    }

    private void Condition(int open)
    {
        var close = pattern.IndexOf(')', _at);
        var inner = close < 0 ? "" : pattern[(_at + 1)..close].Trim('<', '>', '\'');
        if (inner.Length == 0 || inner[0] is '?' or 'R')
            throw new PatternException("(?( with an assertion or recursion is not supported", _at);
        var group = int.TryParse(inner, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number : _names.FirstOrDefault(n => n.Name == inner).Group;
        _references.Add((group == 0 ? int.MaxValue : group, open + 2));
        _out.Append(CultureInfo.InvariantCulture, $"(?({group})");
        _at = close + 1;
    }

    /// <summary>True if a quantifier stands at <paramref name="at"/>: <c>* + ? {n} {n,} {n,m}</c>.</summary>
    private bool IsQuantifier(int at, out int end)
    {
        end = at + 1;
        if (pattern[at] is '*' or '+' or '?')
            return true;
        if (pattern[at] != '{')
            return false;
        var i = at + 1;
        while (i < pattern.Length && char.IsAsciiDigit(pattern[i]))
            i++;
        if (i == at + 1)
            return false;
        if (i < pattern.Length && pattern[i] == ',')
        {
            i++;
            while (i < pattern.Length && char.IsAsciiDigit(pattern[i]))
                i++;
        }
        end = i + 1;
        return i < pattern.Length && pattern[i] == '}';
    }

    private void Quantifier(int atom)
    {
        if (!IsQuantifier(_at, out var end))
            return;
        var text = pattern[_at..end];
        if (text[0] == '{')
            CheckCounts(text, end);
        _at = end;
        var possessive = _at < pattern.Length && pattern[_at] == '+';
        var lazy = !possessive && _at < pattern.Length && pattern[_at] == '?';
        if (possessive || lazy)
            _at++;
        if (possessive)
            _out.Insert(atom, "(?>").Append(text).Append(')');
        else
            _out.Append(text).Append(lazy != ((_flags & Flags.Ungreedy) != 0) ? "?" : "");
        if (_at < pattern.Length && IsQuantifier(_at, out var second))
            throw new PatternException(NotRepeatable, second - 1);
    }

    private static void CheckCounts(string text, int end)
    {
        var counts = text[1..^1].Split(',');
        var min = int.TryParse(counts[0], CultureInfo.InvariantCulture, out var low) ? low : int.MaxValue;
        var max = counts.Length == 1 ? min : counts[1].Length == 0 ? min
            : int.TryParse(counts[1], CultureInfo.InvariantCulture, out var high) ? high : int.MaxValue;
        if (min > 65535 || max > 65535)
            throw new PatternException("number too big in {} quantifier", end - 1);
        if (max < min)
            throw new PatternException("numbers out of order in {} quantifier", end - 1);
    }
}
