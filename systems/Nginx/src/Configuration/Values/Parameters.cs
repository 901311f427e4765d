namespace Microcosm.Nginx;

/// <summary>Arguments of the form <c>name=value</c>.</summary>
internal static class Parameters
{
    /// <summary>True if the argument begins with <paramref name="name"/> and an equals sign; gives what follows.</summary>
    public static bool Is(string argument, string name, out string value)
    {
        var matches = argument.Length > name.Length && argument[name.Length] == '='
            && argument.StartsWith(name, StringComparison.Ordinal);
        value = matches ? argument[(name.Length + 1)..] : "";
        return matches;
    }
}
