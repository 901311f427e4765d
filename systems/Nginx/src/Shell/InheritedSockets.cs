#pragma warning disable RS0030 // sockets of the process before, by their numbers
using System.Net;
using System.Net.Sockets;

namespace Microcosm.Nginx;

/// <summary>
/// Listening sockets that the process before left open for this one (nginx: ngx_add_inherited_sockets). Their numbers are in the variable
/// <c>NGINX</c>, each with a semicolon behind it.
/// </summary>
internal sealed class InheritedSockets
{
    private const string Variable = "NGINX";

    private readonly List<(int Descriptor, ListenPoint Point)> _left = [];

    private InheritedSockets(string text) => Text = text;

    /// <summary>The variable as it was.</summary>
    public string Text { get; }

    /// <summary>Those of this process; null where it was not started by another nginx. The variable is gone afterwards.</summary>
    /// <param name="complain">Told of numbers that are no sockets.</param>
    public static InheritedSockets? Take(Action<string> complain)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } text)
            return null;
        Environment.SetEnvironmentVariable(Variable, null);
        var sockets = new InheritedSockets(text);
        foreach (var word in text.Split(';', ':'))
        {
            if (word.Length == 0)
                continue;
            if (Measures.Number(word) is not { } number || number > int.MaxValue)
            {
                complain($"invalid socket number \"{word}\" in {Variable} environment variable, ignoring the rest of the variable");
                break;
            }
            sockets.Add((int)number, complain);
        }
        return sockets;
    }

    /// <summary>Gives such numbers to a process that is to be started.</summary>
    public static void Give(System.Diagnostics.ProcessStartInfo process, IEnumerable<int> descriptors) =>
        process.Environment[Variable] = string.Concat(descriptors.Select(d => $"{d};"));

    /// <summary>The sockets of an address; whoever asks has them from now on.</summary>
    public IReadOnlyList<int> Take(ListenPoint point)
    {
        int[] taken = [.. _left.Where(s => s.Point == point).Select(s => s.Descriptor)];
        _left.RemoveAll(s => taken.Contains(s.Descriptor));
        return taken;
    }

    /// <summary>Closes those that nobody has asked for: the configuration has no such address any more.</summary>
    public void CloseRest()
    {
        foreach (var (descriptor, _) in _left)
            _ = ProcessCalls.Close(descriptor);
        _left.Clear();
    }

    private void Add(int descriptor, Action<string> complain)
    {
        using var socket = new Socket(new SafeSocketHandle(descriptor, ownsHandle: false));
        try
        {
            Address? address = socket.LocalEndPoint switch
            {
                IPEndPoint ip => new Address(ip.Address, ip.Port, null),
                UnixDomainSocketEndPoint unix => new Address(null, 0, unix.ToString()),
                _ => null,
            };
            if (address is not null)
                _left.Add((descriptor, new ListenPoint(address, socket.SocketType == SocketType.Dgram)));
            else
                complain($"the inherited socket #{descriptor} has an unsupported protocol family");
        }
        catch (SocketException e)
        {
            complain($"getsockname() of the inherited socket #{descriptor} failed ({e.NativeErrorCode}: {e.Message})");
        }
    }
}
