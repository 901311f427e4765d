#pragma warning disable RS0030 // nginx' files are the machine's, and so is the folder of a node that was given none
using System.Globalization;
using System.Text;

namespace Microcosm.Nginx;

/// <summary>
/// Where relative paths of a node's configuration begin: a folder of the machine that the options name, or a temporary one with the files
/// that they hold. It outlives the generations of the node, and goes when the node stops in order or the process ends.
/// </summary>
internal sealed class NodeFolder(NginxOptions options)
{
    // Texts have no time of their own; two runs are to see the same.
    private static readonly DateTime Written = new(2030, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private static int s_count;

    private readonly Lock _gate = new();
    private string? _temporary;

    /// <summary>The prefix, with its slash, and the main file; neither need be there yet.</summary>
    public ConfigurationPaths Paths()
    {
        if (!options.IsText)
        {
            var file = Path.GetFullPath(options.Conf);
            var folder = options.Prefix.Length > 0 ? options.Prefix : Path.GetDirectoryName(file)!;
            return new ConfigurationPaths(Slashed(folder), Latin1Of(file));
        }
        var prefix = options.Prefix.Length > 0 ? Slashed(options.Prefix) : Slashed(Temporary());
        return new ConfigurationPaths(prefix, prefix + "nginx.conf");
    }

    /// <summary>Makes the temporary folder and writes the files of the options. Throws <see cref="ArgumentException"/> where there is no
    /// place of their own for them.</summary>
    public void Fill()
    {
        if (options.Files.Count > 0 && (!options.IsText || options.Prefix.Length > 0))
            throw new ArgumentException(
                "Files are for an nginx whose configuration is a text without a prefix: they have a folder of their own");
        if (!options.IsText || options.Prefix.Length > 0)
            return;
        Directory.CreateDirectory(Path.Combine(Temporary(), "logs"));
        foreach (var (name, bytes) in options.Files)
        {
            var path = Path.Combine(Temporary(), name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, bytes);
            File.SetLastWriteTimeUtc(path, Written);
        }
    }

    /// <summary>The temporary folder goes, if there is one.</summary>
    public void Delete()
    {
        lock (_gate)
        {
            if (_temporary is not null && Directory.Exists(_temporary))
                Directory.Delete(_temporary, recursive: true);
            _temporary = null;
        }
    }

    private string Temporary()
    {
        lock (_gate)
        {
            if (_temporary is not null)
                return _temporary;
            var name = string.Create(CultureInfo.InvariantCulture,
                $"microcosm-nginx-{Environment.ProcessId}-{Interlocked.Increment(ref s_count)}");
            _temporary = Path.Combine(Path.GetTempPath(), name);
            AppDomain.CurrentDomain.ProcessExit += (_, _) => Delete();
            return _temporary;
        }
    }

    private static string Slashed(string folder) => Latin1Of(Path.GetFullPath(folder)).TrimEnd('/') + "/";

    // Texts of a configuration hold one byte a character.
    private static string Latin1Of(string path) => Latin1.Text(Encoding.UTF8.GetBytes(path));
}
