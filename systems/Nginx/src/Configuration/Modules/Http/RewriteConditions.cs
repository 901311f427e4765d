namespace Microcosm.Nginx;

/// <summary>Reads the condition of an <c>if</c>.</summary>
internal static class RewriteConditions
{
    public static RewriteCondition Read(DirectiveCall call)
    {
        var words = call.Arguments.ToArray().ToList();
        if (!words[0].StartsWith('('))
            throw Invalid(words[0]);
        if (words[0].Length == 1)
            words.RemoveAt(0);
        else
            words[0] = words[0][1..];
        if (words.Count == 0 || !words[^1].EndsWith(')'))
            throw Invalid(words.Count == 0 ? "(" : words[^1]);
        if (words[^1].Length == 1)
            words.RemoveAt(words.Count - 1);
        else
            words[^1] = words[^1][..^1];
        // What was the only word is what nginx still shows.
        var first = words.Count == 0 ? ")" : words[0];
        if (first.Length > 1 && first[0] == '$')
            return OfVariable(call, words);
        return first.Length is 2 or 3 && first.TrimStart('!').StartsWith('-') && (first.Length == 2) == (first[0] == '-')
            ? OfFile(call, words) : throw Invalid(first);
    }

    private static ConfigurationException Invalid(string word) => new($"invalid condition \"{word}\"");

    private static RewriteCondition OfVariable(DirectiveCall call, List<string> words)
    {
        if (words.Count is not (1 or 3))
            throw Invalid(words[0]);
        var variable = call.Variables.Use(words[0][1..]);
        if (words.Count == 1)
            return new RewriteCondition.Truth(variable);
        var (sign, right) = (words[1], words[2]);
        switch (sign)
        {
            case "=" or "!=":
                return new RewriteCondition.Equal(variable, ComplexValue.Compile(right, call.Variables), sign[0] == '!');
            case "~" or "~*" or "!~" or "!~*":
                return new RewriteCondition.Match(
                    variable, VariablePattern.Compile(right, sign[^1] == '*', call.Variables), sign[0] == '!');
        }
        throw call.Error($"unexpected \"{sign}\" in condition");
    }

    private static RewriteCondition OfFile(DirectiveCall call, List<string> words)
    {
        var sign = words[0];
        if (words.Count != 2)
            throw Invalid(sign);
        var path = ComplexValue.Compile(words[1], call.Variables);
        var test = sign[^1] switch
        {
            'f' => FileTest.IsFile,
            'd' => FileTest.IsFolder,
            'e' => FileTest.Exists,
            'x' => FileTest.IsExecutable,
            _ => throw Invalid(sign),
        };
        return new RewriteCondition.File(path, test, sign[0] == '!');
    }
}
