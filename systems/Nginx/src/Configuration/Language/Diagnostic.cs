namespace Microcosm.Nginx;

/// <summary>What the loader says about a configuration: a warning, or the refusal that ended it.</summary>
internal readonly record struct Diagnostic(LogLevel Level, string Message)
{
    /// <summary>As on the terminal: <c>nginx: [emerg] …</c>.</summary>
    public override string ToString() => $"nginx: [{Level.ToString().ToLowerInvariant()}] {Message}";
}
