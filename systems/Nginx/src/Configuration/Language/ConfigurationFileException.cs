namespace Microcosm.Nginx;

/// <summary>A file cannot be read; <paramref name="number"/> and <paramref name="text"/> are errno's.</summary>
internal sealed class ConfigurationFileException(int number, string text) : Exception($"({number}: {text})")
{
    public int Number => number;

    public string Text => text;

    public static ConfigurationFileException NotFound { get; } = new(2, "No such file or directory");
}
