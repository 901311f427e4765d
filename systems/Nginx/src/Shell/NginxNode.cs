using System.Net;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>nginx as a node of a world. Its one worker runs on the node's executor; names are those of the world.</summary>
internal sealed class NginxNode(NodeContext context, NginxOptions options, NodeFolder folder) : Node(context), INameResolver
{
    private const long ShutdownMs = 10_000;

    private NginxServer? _server;

    /// <summary>The server; only on the node's executor.</summary>
    public NginxServer Server => _server ?? throw new InvalidOperationException("The node has not started.");

    bool INameResolver.IsPrivileged => true;

    string INameResolver.HostName => Context.Name;

    /// <inheritdoc/>
    public override NginxInside Inside() => NginxInside.Read(Server, Context);

    public override async ValueTask StartAsync(CancellationToken cancellation)
    {
        var configuration = Load();
        _server = new NginxServer(new NodeHttpNetwork(Context), configuration, Context.Seed,
            new NginxSurroundings(new ProgramMachine(), 1, Context.Name, WriteLine, BuiltInErrorLog: "", Node: Context));
        await _server.StartAsync();
        Context.Log.Write(LogSeverity.Info, $"nginx/{NginxBuild.Version} listens on {Listens(configuration)}");
    }

    public override async ValueTask ReloadAsync(CancellationToken cancellation)
    {
        var configuration = Load();
        try
        {
            await Server.ReloadAsync(configuration);
        }
        catch (Exception e) when (e is ConfigurationException or IOException)
        {
            throw new ArgumentException($"nginx: [emerg] {e.Message}");
        }
        Context.Log.Write(LogSeverity.Info, $"reconfigured, listens on {Listens(configuration)}");
    }

    public override async ValueTask StopAsync(CancellationToken cancellation)
    {
        if (_server is null)
            return;
        var timeout = Server.Configuration.Main.Get(CoreModule.WorkerShutdownTimeout) is > 0 and var own ? own : ShutdownMs;
        try
        {
            await Server.DrainAsync().WaitAsync(TimeSpan.FromMilliseconds(timeout), Context.Clock);
        }
        catch (TimeoutException)
        {
            // Who is still there is cut off, as nginx does it.
        }
        await Server.DisposeAsync();
        folder.Delete();
    }

    IReadOnlyList<IPAddress> INameResolver.Resolve(string name) =>
        name == "localhost" ? [IPAddress.Loopback] : Context.Network.Addresses.Resolve(name);

    private NginxConfiguration Load()
    {
        folder.Fill();
        return NodeConfiguration.Load(options, folder, this, line => Context.Log.Write(LogSeverity.Info, line), Context.Telemetry.Unserved);
    }

    private static string Listens(NginxConfiguration configuration) => string.Join(", ", NodeConfiguration.Listens(configuration));

    // The node's log has times of its own: 2030/01/01 00:00:00 [error] 1#1: *3 connect() failed …
    private void WriteLine(byte[] bytes)
    {
        var line = Latin1.Text(bytes).TrimEnd('\n');
        var (open, close) = (line.IndexOf('['), line.IndexOf(']'));
        if (open < 0 || close < open)
        {
            Context.Log.Write(LogSeverity.Info, line);
            return;
        }
        var severity = line[(open + 1)..close] switch
        {
            "debug" => LogSeverity.Debug,
            "info" or "notice" => LogSeverity.Info,
            "warn" => LogSeverity.Warning,
            _ => LogSeverity.Error,
        };
        var text = line.IndexOf(": ", close, StringComparison.Ordinal);
        Context.Log.Write(severity, line[(text < 0 ? close + 2 : text + 2)..]);
    }
}
