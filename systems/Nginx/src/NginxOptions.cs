using System.Text;

namespace Microcosm.Nginx;

/// <summary>
/// What an nginx in a world serves: its nginx.conf, as a text or as a file of the machine, and where relative paths begin. Changes count
/// from the next start or reload of the node.
/// </summary>
public sealed class NginxOptions
{
    /// <summary>The version that it says it is; behaviour is judged against it.</summary>
    public const string Version = NginxBuild.Version;

    /// <summary>What is served where nothing is said: a greeting on port 8080, and the counts of connections.</summary>
    public const string DefaultConf =
        """
        events { }
        http {
            server {
                listen 8080;
                location / { return 200 "nginx of a Microcosm world\n"; }
                location = /nginx_status { stub_status; }
            }
        }
        """;

    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    /// <summary><c>conf</c>: the text of an nginx.conf, or the path of one.</summary>
    public string Conf { get; set; } = DefaultConf;

    /// <summary>
    /// <c>prefix</c>: where relative paths begin, as by <c>nginx -p</c>; empty for the folder that <see cref="Conf"/> is in, or of a text
    /// for a temporary one, which has <see cref="Files"/> and goes with the world.
    /// </summary>
    public string Prefix { get; set; } = "";

    /// <summary>Files of the temporary folder, by path: documents, certificates, what is included.</summary>
    public IReadOnlyDictionary<string, byte[]> Files => _files;

    internal bool IsText => Conf.AsSpan().IndexOfAny('{', ';', '\n') >= 0;

    /// <summary>Adds a file of the temporary folder, or replaces it: <c>html/index.html</c>.</summary>
    public NginxOptions AddFile(string path, string text) => AddFile(path, Encoding.UTF8.GetBytes(text));

    /// <summary>Adds a file of the temporary folder, or replaces it. Throws <see cref="ArgumentException"/> for a path that leads out of
    /// it.</summary>
    public NginxOptions AddFile(string path, byte[] bytes)
    {
        if (path.StartsWith('/') || path.Split('/').Any(p => p is "" or "." or ".."))
            throw new ArgumentException($"'{path}' is no path below the folder: html/index.html");
        _files[path] = bytes;
        return this;
    }

    /// <summary>Sets an option by its name. Throws <see cref="ArgumentException"/>.</summary>
    public void Set(string name, string value)
    {
        switch (name)
        {
            case "conf": Conf = value; break;
            case "prefix": Prefix = value; break;
            default: throw new ArgumentException($"nginx has no option '{name}', only conf and prefix: the rest is said in nginx.conf");
        }
    }
}
