using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>A request for the rewrite engine.</summary>
internal sealed class TestRequest(string uri, string arguments = "") : IRewriteRequest
{
    private byte[] _uri = Encoding.UTF8.GetBytes(uri);
    private byte[] _arguments = Encoding.UTF8.GetBytes(arguments);

    public HashSet<string> Files { get; } = [];

    public List<string> Entered { get; } = [];

    public List<string> Lines { get; } = [];

    public bool IsChanged { get; private set; }

    public bool IsBroken { get; private set; }

    public bool HasEscapedUri { get; init; }

    public ReadOnlySpan<byte> Uri => _uri;

    public ReadOnlySpan<byte> Arguments => _arguments;

    /// <summary>Path and arguments as text.</summary>
    public string Target => Encoding.UTF8.GetString(_uri) + (_arguments.Length > 0 ? "?" + Encoding.UTF8.GetString(_arguments) : "");

    public void SetUri(ReadOnlySpan<byte> uri, ReadOnlySpan<byte> arguments, bool isBreak)
    {
        (_uri, _arguments) = (uri.ToArray(), arguments.ToArray());
        (IsChanged, IsBroken) = (!isBreak, IsBroken || isBreak);
    }

    public void StopSearch() => (IsChanged, IsBroken) = (false, true);

    public void Enter(HttpLocation location) => Entered.Add(location.Name);

    public bool Test(ReadOnlySpan<byte> path, FileTest test) => Files.Contains($"{test} {Encoding.UTF8.GetString(path)}");

    public void Log(string message, bool isError) => Lines.Add(message);
}
