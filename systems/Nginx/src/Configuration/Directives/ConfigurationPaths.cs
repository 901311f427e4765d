namespace Microcosm.Nginx;

/// <summary>Where a configuration's relative paths begin.</summary>
/// <param name="Prefix">Ends with a slash: logs, roots, temporary files (<c>-p</c>).</param>
/// <param name="Configuration">The main file, absolute (<c>-c</c>).</param>
internal sealed record ConfigurationPaths(string Prefix, string Configuration)
{
    /// <summary>The main file's folder, with its slash: includes, certificates, password files.</summary>
    public string ConfigurationPrefix { get; } = Configuration[..(Configuration.LastIndexOf('/') + 1)];

    /// <summary>A path relative to the prefix.</summary>
    public string FromPrefix(string path) => path.StartsWith('/') ? path : Prefix + path;

    /// <summary>A path relative to the main file's folder.</summary>
    public string FromConfiguration(string path) => path.StartsWith('/') ? path : ConfigurationPrefix + path;
}
