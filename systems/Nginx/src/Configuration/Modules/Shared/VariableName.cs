namespace Microcosm.Nginx;

/// <summary>The name of a variable that a directive declares: it begins with a dollar sign.</summary>
internal static class VariableName
{
    public static string Of(string word) =>
        word.StartsWith('$') ? word[1..] : throw new ConfigurationException($"invalid variable name \"{word}\"");
}
