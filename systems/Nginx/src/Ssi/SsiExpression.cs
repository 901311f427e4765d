namespace Microcosm.Nginx;

/// <summary>The condition of <c>if</c> and <c>elif</c>: a text that is not empty, or one that is another or matches a pattern.</summary>
internal static class SsiExpression
{
    /// <summary>Null where it cannot be read, which is logged.</summary>
    public static bool? Test(HttpRequest request, SsiShared shared, string expression)
    {
        var at = 0;
        while (at < expression.Length && (char.IsAsciiLetterOrDigit(expression[at]) || "${}_\"'".Contains(expression[at])))
            at++;
        if (SsiText.Evaluate(request, shared, Latin1.Lower(expression[..at])) is not { } left)
            return null;
        var rest = expression[at..].TrimStart(' ');
        if (rest.Length == 0)
            return left.Length > 0;
        var isNegative = rest.StartsWith("!=", StringComparison.Ordinal);
        if (!isNegative && rest[0] != '=')
            return Invalid(request, expression);
        rest = rest[(isNegative ? 2 : 1)..].TrimStart(' ');
        if (rest is not ['/', _, ..])
        {
            if (rest is ['\\', '/', ..])
                rest = rest[1..];
            return SsiText.Evaluate(request, shared, rest) is { } right ? left.AsSpan().SequenceEqual(right) != isNegative : null;
        }
        if (rest[^1] != '/')
            return Invalid(request, expression);
        if (SsiText.Evaluate(request, shared, rest[1..^1]) is not { } pattern)
            return null;
        return Match(request, shared, Latin1.Text(pattern), left) is { } matches ? matches != isNegative : null;
    }

    private static bool? Match(HttpRequest request, SsiShared shared, string source, byte[] subject)
    {
        try
        {
            var pattern = BytePattern.Compile(source, ignoreCase: false);
            if (!pattern.Match(subject, shared.Captures))
                return false;
            foreach (var (name, group) in pattern.Names)
                shared.Set(name, shared.Captures[group].ToArray());
            return true;
        }
        catch (ConfigurationException e)
        {
            request.LogError(LogLevel.Error, e.Message);
            return null;
        }
    }

    private static bool? Invalid(HttpRequest request, string expression)
    {
        request.LogError(LogLevel.Error, $"invalid expression in \"{expression}\"");
        return null;
    }
}
