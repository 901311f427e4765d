using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>
/// Reads <see cref="RedisCommandAttribute.Syntax"/>: <c>name</c> or <c>name:type</c>, a string without a type and a key if that is its
/// name; <c>WORD</c> or <c>WORD=name</c> alone; <c>WORD name</c>; <c>name(a|b)</c> one of them; <c>name{a b}</c> all of them;
/// <c>[optional]</c>; <c>many...</c>, and <c>...+</c> where the word is repeated too.
/// </summary>
internal sealed class CommandSyntax
{
    private static readonly string[] Types = ["key", "string", "integer", "double", "pattern", "unix-time"];

    private readonly string _text;
    private int _at;

    private CommandSyntax(string text) => _text = text;

    /// <summary>The arguments in order. Throws where the notation is wrong, which is a bug.</summary>
    public static List<SyntaxArgument> Parse(string text)
    {
        var syntax = new CommandSyntax(text);
        var arguments = syntax.Several(' ');
        Invariant.Check(syntax._at == text.Length);
        return arguments;
    }

    private List<SyntaxArgument> Several(char between)
    {
        var arguments = new List<SyntaxArgument>();
        if (_text.Length == 0)
            return arguments;
        do
            arguments.Add(One());
        while (TryTake(between));
        return arguments;
    }

    private SyntaxArgument One()
    {
        var flags = new List<string>();
        var isOptional = TryTake('[');
        if (isOptional)
            flags.Add("optional");
        var argument = Value();
        if (_text.AsSpan(_at).StartsWith("..."))
        {
            _at += 3;
            flags.Add("multiple");
            if (TryTake('+'))
                flags.Add("multiple_token");
        }
        Invariant.Check(!isOptional || TryTake(']'));
        return argument with { Flags = flags };
    }

    private SyntaxArgument Value()
    {
        var word = Word();
        string? token = null;
        if (!word.Any(char.IsAsciiLetterLower))
        {
            if (TryTake('='))
                return new SyntaxArgument(Word(), "pure-token", word, [], []);
            // A word before a name belongs to it.
            if (_at + 1 >= _text.Length || _text[_at] != ' ' || !char.IsAsciiLetterLower(_text[_at + 1]))
                return new SyntaxArgument(word.ToLowerInvariant(), "pure-token", word, [], []);
            _at++;
            token = word;
            word = Word();
        }
        if (TryTake('('))
            return Group(word, "oneof", token, '|', ')');
        if (TryTake('{'))
            return Group(word, "block", token, ' ', '}');
        var colon = word.LastIndexOf(':');
        return colon > 0 && Types.Contains(word[(colon + 1)..])
            ? new SyntaxArgument(word[..colon], word[(colon + 1)..], token, [], [])
            : new SyntaxArgument(word, word == "key" ? "key" : "string", token, [], []);
    }

    private SyntaxArgument Group(string name, string type, string? token, char between, char end)
    {
        var arguments = Several(between);
        Invariant.Check(TryTake(end));
        return new SyntaxArgument(name, type, token, arguments, []);
    }

    private string Word()
    {
        var end = _text.AsSpan(_at).IndexOfAny(" |()[]{}=.");
        var word = end < 0 ? _text[_at..] : _text.Substring(_at, end);
        Invariant.Check(word.Length > 0);
        _at += word.Length;
        return word;
    }

    private bool TryTake(char c)
    {
        if (_at == _text.Length || _text[_at] != c)
            return false;
        _at++;
        return true;
    }
}
