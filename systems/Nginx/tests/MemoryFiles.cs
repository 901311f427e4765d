using System.Net;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>Files and names for configurations under test.</summary>
internal class MemoryFiles : IConfigurationFiles, INameResolver
{
    private readonly SortedDictionary<string, byte[]> _files = new(StringComparer.Ordinal);

    public string HostName => "Host.Example";

    public bool IsPrivileged => true;

    public string this[string path]
    {
        get => Encoding.Latin1.GetString(_files[path]);
        set => _files[path] = Encoding.UTF8.GetBytes(value);
    }

    public byte[] Read(string path) => _files.TryGetValue(path, out var bytes) ? bytes : throw ConfigurationFileException.NotFound;

    public IReadOnlyList<string> Match(string pattern) => GlobPattern.Expand(pattern, folder => _files.Keys
        .Where(f => f.StartsWith(folder.TrimEnd('/') + "/", StringComparison.Ordinal))
        .Select(f => f[(folder.TrimEnd('/').Length + 1)..].Split('/')[0])
        .Distinct());

    public IReadOnlyList<IPAddress> Resolve(string name) => name switch
    {
        "localhost" => [IPAddress.Loopback],
        "two.example" => [IPAddress.Parse("192.0.2.1"), IPAddress.Parse("2001:db8::1")],
        _ => [],
    };

    protected bool Has(string path) => _files.ContainsKey(path);

    protected void Remove(string path) => _files.Remove(path);
}
