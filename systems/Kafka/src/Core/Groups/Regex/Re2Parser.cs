using System.Globalization;
using System.Text;

namespace Microcosm.Kafka;

/// <summary>
/// Reads a pattern in RE2's syntax and writes it in .NET's. What RE2 refuses is refused, with RE2's words; what the two mean differently is
/// written as RE2 means it. Only names of topics are to be matched, which are ASCII, so classes are sets of ASCII characters.
/// Each atom is written with its own flags, and each operand in parentheses, so that .NET has nothing to interpret.
/// </summary>
internal sealed class Re2Parser
{
    // RE2 takes no more either. An automaton unrolls what it counts, so counts inside each other multiply.
    private const int RepeatMax = 1_000;
    private const int UnrolledMax = 100_000;

    private readonly Re2Text _text;
    private readonly Stack<Group> _outer = [];
    private readonly HashSet<string> _names = [];
    private Group _group = new(new Re2Flags());
    private Re2Flags _flags;

    private Re2Parser(string pattern) => _text = new Re2Text(pattern);

    /// <exception cref="ArgumentException">RE2 refuses it, or it is too large; the message says why.</exception>
    public static string Translate(string pattern) => new Re2Parser(pattern).Translate();

    private string Translate()
    {
        // Where the repetition began that the last step was, if it was one.
        var lastRepeat = -1;
        while (_text.HasMore)
        {
            var at = _text.Position;
            lastRepeat = Step(lastRepeat) ? at : -1;
        }

        return _outer.Count == 0 ? _group.Close().Text : throw new ArgumentException("missing closing )");
    }

    /// <summary>Reads one element. True if it was a repetition.</summary>
    private bool Step(int lastRepeat)
    {
        switch (_text.Peek())
        {
            case '(':
                Open();
                return false;
            case '|':
                _text.Pop();
                _group.Bar();
                return false;
            case ')':
                _text.Pop();
                Close();
                return false;
            case '^':
                _text.Pop();
                Add(_flags.IsMultiline ? "(?m:^)" : @"\A");
                return false;
            case '$':
                _text.Pop();
                Add(_flags.IsMultiline ? "(?m:$)" : @"\z");
                return false;
            case '.':
                _text.Pop();
                Add(_flags.MatchesNewline ? "(?s:.)" : @"[^\n]");
                return false;
            case '[':
                Add(Re2Class.Read(_text, _flags.FoldsCase).ToDotNet());
                return false;
            case '*' or '+' or '?':
                Repeat(_text.Pop().ToString(), 1, lastRepeat);
                return true;
            case '{' when TryReadCounts(out var counts, out var most):
                Repeat(counts, most, lastRepeat);
                return true;
            case '\\':
                Escape();
                return false;
            default:
                AddLiteral(_text.Pop().Value);
                return false;
        }
    }

    private void Open()
    {
        var outer = _flags;
        if (_text.LooksAt("(?P<") || _text.LooksAt("(?<"))
            ReadName();
        else if (_text.LooksAt("(?"))
        {
            if (!ReadFlags())
                return;
        }
        else
            _text.Pop();
        _outer.Push(_group);
        _group = new Group(outer);
    }

    private void ReadName()
    {
        var start = _text.Rest.IndexOf('<') + 1;
        var end = _text.Rest.IndexOf('>');
        var name = end < 0 ? "" : _text.Rest[start..end].ToString();
        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_'))
            throw new ArgumentException("invalid named capture");
        if (!_names.Add(name))
            throw new ArgumentException("duplicate capture group name");
        _text.Skip(end + 1);
    }

    /// <summary>False if they are for the rest of the group that they stand in, and begin none.</summary>
    private bool ReadFlags()
    {
        _text.Skip(2);
        var (flags, isOn, sawFlag) = (_flags, true, false);
        while (_text.HasMore)
        {
            var c = _text.Pop().Value;
            if (flags.TrySet(c, isOn))
                sawFlag = true;
            else if (c == '-' && isOn)
                (isOn, sawFlag) = (false, false);
            else if (c is ':' or ')' && (isOn || sawFlag))
            {
                _flags = flags;
                return c == ':';
            }
            else
                break;
        }

        throw new ArgumentException("invalid or unsupported Perl syntax");
    }

    private void Close()
    {
        if (!_outer.TryPop(out var outer))
            throw new ArgumentException("missing closing )");
        var closed = _group.Close();
        (_flags, _group) = (_group.OuterFlags, outer);
        _group.Atoms.Add(closed);
    }

    private void Repeat(string times, int most, int lastRepeat)
    {
        // It only prefers to match less.
        if (_text.LooksAt("?"))
            _text.Pop();
        if (lastRepeat >= 0)
            throw new ArgumentException("invalid nested repetition operator");
        if (_group.Atoms.Count == 0)
            throw new ArgumentException("missing argument to repetition operator");
        var (text, size) = _group.Atoms[^1];
        size *= Math.Max(most, 1);
        if (size > UnrolledMax)
            throw new ArgumentException("expression too large");
        _group.Atoms[^1] = ($"(?:{text}){times}", size);
    }

    /// <summary>False if the brace is a literal.</summary>
    private bool TryReadCounts(out string counts, out int most)
    {
        (counts, most) = ("", 0);
        var end = _text.Rest.IndexOf('}');
        if (end < 0)
            return false;
        var parts = _text.Rest[1..end].ToString().Split(',');
        if (parts.Length > 2 || parts[0].Length == 0 || !parts.All(part => part.All(char.IsAsciiDigit))
            || parts.Any(part => part.Length > 1 && part[0] == '0'))
            return false;
        var numbers = parts.Where(part => part.Length > 0)
            .Select(part => part.Length > 4 ? int.MaxValue : int.Parse(part, CultureInfo.InvariantCulture)).ToArray();
        if (numbers.Any(number => number > RepeatMax) || numbers[0] > numbers[^1])
            throw new ArgumentException("invalid repeat count");
        (counts, most) = (_text.Rest[..(end + 1)].ToString(), numbers[^1]);
        _text.Skip(end + 1);
        return true;
    }

    private void Escape()
    {
        foreach (var (escape, meaning) in new[] { (@"\A", @"\A"), (@"\b", @"\b"), (@"\B", @"\B"), (@"\z", @"\z") })
        {
            if (!_text.LooksAt(escape))
                continue;
            _text.Skip(2);
            Add(meaning);
            return;
        }

        if (_text.LooksAt(@"\Q"))
        {
            _text.Skip(2);
            while (_text.HasMore && !_text.LooksAt(@"\E"))
                AddLiteral(_text.Pop().Value);
            _text.Skip(Math.Min(2, _text.Rest.Length));
        }
        else if (Re2Class.TryReadEscape(_text, _flags.FoldsCase) is { } set)
            Add(set.ToDotNet());
        else
            AddLiteral(_text.ReadEscape());
    }

    private void AddLiteral(int rune)
    {
        var text = new StringBuilder();
        foreach (var unit in char.ConvertFromUtf32(rune))
            text.Append(CultureInfo.InvariantCulture, $@"\u{(int)unit:X4}");
        Add(_flags.FoldsCase ? $"(?i:{text})" : text.ToString());
    }

    private void Add(string atom) => _group.Atoms.Add((atom, 1));

    /// <summary>What stands between two parentheses, so far.</summary>
    private sealed class Group(Re2Flags outerFlags)
    {
        private readonly List<(string Text, long Size)> _alternatives = [];

        public Re2Flags OuterFlags => outerFlags;

        /// <summary>Of the last alternative.</summary>
        public List<(string Text, long Size)> Atoms { get; } = [];

        public void Bar()
        {
            _alternatives.Add((string.Concat(Atoms.Select(atom => atom.Text)), Atoms.Sum(atom => atom.Size)));
            Atoms.Clear();
        }

        public (string Text, long Size) Close()
        {
            Bar();
            return ($"(?:{string.Join('|', _alternatives.Select(one => one.Text))})", _alternatives.Sum(one => one.Size));
        }
    }
}
