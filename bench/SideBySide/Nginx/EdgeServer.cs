using System.Net.Sockets;

namespace Microcosm.SideBySide.Nginx;

/// <summary>A server under load, on the first core where the machine has two.</summary>
internal sealed class EdgeServer : Server
{
    private readonly ServerProcess _process;

    /// <summary>Starts a program and waits until it takes connections.</summary>
    public EdgeServer(Edge edge)
        : base(edge.Name)
    {
        (Port, IsProxyOnly) = (edge.Port, edge.IsProxyOnly);
        _process = Launch([.. Machine.OnCore(0), .. edge.Line()]);
        AwaitFirstAnswer(TakesConnections);
    }

    /// <summary>Of plain HTTP.</summary>
    public int Port { get; }

    /// <inheritdoc cref="Edge"/>
    public bool IsProxyOnly { get; }

    /// <summary>Has it load its configuration anew.</summary>
    public void Reload() => Tool.Run("kill", "-HUP", $"{_process.Id}");

    private bool TakesConnections()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
