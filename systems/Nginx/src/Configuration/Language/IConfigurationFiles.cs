namespace Microcosm.Nginx;

/// <summary>
/// The files a configuration is read from: the machine's for the program, a node's disk in a world. Paths are absolute and, like every text
/// of the configuration, hold one byte a character.
/// </summary>
internal interface IConfigurationFiles
{
    /// <summary>The file's bytes. Throws <see cref="ConfigurationFileException"/>.</summary>
    byte[] Read(string path);

    /// <summary>Files that match a pattern of glob(3), in byte order; none is no error.</summary>
    IReadOnlyList<string> Match(string pattern);
}
