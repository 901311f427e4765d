using System.Net;
using System.Net.Sockets;
using System.Text;
using Microcosm.Http;
using Microcosm.Runtime;

namespace Microcosm.Nginx.Tests;

/// <summary>nginx on event loops, with a folder of its own, and raw clients.</summary>
internal sealed class RunningNginx : IAsyncDisposable
{
    /// <summary>Ends what is to stand on the main level, before what is to stand in the <c>http</c> block.</summary>
    public const string MainEnd = "\nhttp: ";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly NginxServer _server;
    private readonly int _port;
    private readonly MemoryFiles _files;

    private RunningNginx(string folder, int port, NginxConfiguration configuration, MemoryFiles files)
    {
        (Folder, _port, _files) = (folder, port, files);
        _server = new NginxServer(
            new LoopHttpNetwork(1, TimeProvider.System), configuration, new Seed(1),
            new NginxSurroundings(files, Environment.ProcessId, "host", _ => { }));
    }

    /// <summary>Ends with a slash: the prefix.</summary>
    public string Folder { get; }

    public NginxServer Server => _server;

    public int Port => _port;

    /// <summary>Starts a server whose <c>server</c> block has these directives; files are names and contents below <c>html/</c>.</summary>
    public static Task<RunningNginx> StartAsync(string directives, params (string Name, string Content)[] files) =>
        StartAsync("", directives, files);

    /// <summary>The same with directives of the <c>http</c> block.</summary>
    public static Task<RunningNginx> StartAsync(string http, string directives, (string Name, string Content)[] files) =>
        StartAsync(HttpBlock(http + ServerBlock(directives)), isHtml: true, files);

    /// <summary>Starts a server whose <c>http</c> block has this, with PORT where its port is to stand; files are those that the
    /// configuration names.</summary>
    public static Task<RunningNginx> StartWholeAsync(string http, params (string Name, string Content)[] files) =>
        StartAsync(HttpBlock(http), isHtml: false, files);

    /// <summary>Starts a server whose <c>stream</c> block has this, with PORT where its port is to stand.</summary>
    /// <param name="events">Directives of the <c>events</c> block.</param>
    public static Task<RunningNginx> StartStreamAsync(string stream, string events = "") =>
        StartAsync($"events {{ {events} }} stream {{ {stream} }}", isHtml: false, []);

    private static async Task<RunningNginx> StartAsync(
        string block, bool isHtml, (string Name, string Content)[] files)
    {
        var configurationFiles = new MemoryFiles();
        if (!EventLoop.IsSupported)
            Assert.Skip("The event loop needs Linux.");
        var folder = Directory.CreateTempSubdirectory("nginx-").FullName + "/";
        Directory.CreateDirectory(folder + "logs");
        foreach (var (name, content) in files)
        {
            if (!isHtml)
            {
                configurationFiles[folder + name] = content;
                continue;
            }
            Directory.CreateDirectory(Path.GetDirectoryName($"{folder}html/{name}")!);
            await File.WriteAllTextAsync($"{folder}html/{name}", content);
        }
        // Between the choice of a port and its use another process may take it.
        while (true)
        {
            var port = FreePort();
            var nginx = new RunningNginx(folder, port, Load(folder, port, block, configurationFiles), configurationFiles);
            try
            {
                await nginx._server.StartAsync();
                return nginx;
            }
            catch (Microsoft.AspNetCore.Connections.AddressInUseException)
            {
                await nginx._server.DisposeAsync();
            }
        }
    }

    /// <summary>Another configuration of the server block.</summary>
    public Task ReloadAsync(string directives, string http = "") => ReloadWholeAsync(http + ServerBlock(directives));

    /// <summary>Another configuration of the http block.</summary>
    public Task ReloadWholeAsync(string http) => _server.ReloadAsync(Load(Folder, _port, HttpBlock(http), _files));

    /// <summary>Another configuration of the stream block.</summary>
    public Task ReloadStreamAsync(string stream) => _server.ReloadAsync(Load(Folder, _port, $"events {{ }} stream {{ {stream} }}", _files));

    /// <summary>What comes back for these bytes until the server closes; lines end with CR LF where the text has LF.</summary>
    public Task<string> AskAsync(string request) => AskBytesAsync(request.ReplaceLineEndings("\r\n"));

    /// <summary>The same, byte for byte.</summary>
    public async Task<string> AskBytesAsync(string request)
    {
        using var client = await ConnectAsync();
        await client.SendAsync(Encoding.Latin1.GetBytes(request));
        return await ReadAsync(client, int.MaxValue);
    }

    /// <summary>A request for a path, on a connection of its own.</summary>
    public Task<string> GetAsync(string path, string fields = "") =>
        AskAsync($"GET {path} HTTP/1.1\nHost: localhost\nConnection: close\n{fields}\n");

    public async Task<Socket> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, _port);
        return client;
    }

    /// <summary>A socket for datagrams to the server.</summary>
    public Socket ConnectDatagrams(string address = "127.0.0.1")
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        client.Connect(IPAddress.Parse(address), _port);
        return client;
    }

    /// <summary>Reads until so many bytes came or the end.</summary>
    public static async Task<string> ReadAsync(Socket client, int bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        var text = new StringBuilder();
        var buffer = new byte[4096];
        while (text.Length < bytes)
        {
            var read = await client.ReceiveAsync(buffer, patience.Token);
            if (read == 0)
                break;
            text.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        return text.ToString();
    }

    /// <summary>The lines of a log, once there are so many.</summary>
    public async Task<string[]> LogAsync(string name, int lines)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (true)
        {
            var path = $"{Folder}logs/{name}";
            var text = File.Exists(path) ? await File.ReadAllLinesAsync(path, patience.Token) : [];
            if (text.Length >= lines)
                return text;
            await Task.Yield();
            patience.Token.ThrowIfCancellationRequested();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }

    private static string ServerBlock(string directives) => $"server {{ listen 127.0.0.1:PORT; {directives} }}";

    // What is to stand on the main level stands before a line of its own.
    private static string HttpBlock(string inside)
    {
        var at = inside.IndexOf(MainEnd, StringComparison.Ordinal);
        return at < 0 ? $"events {{ }} http {{ {inside} }}" : $"{inside[..at]} http {{ {inside[(at + MainEnd.Length)..]} }}";
    }

    private static NginxConfiguration Load(string folder, int port, string block, MemoryFiles files)
    {
        files[folder + "nginx.conf"] = block.Replace("PORT", $"{port}");
        var configuration = ConfigurationCompiler.Compile(
            new ConfigurationLoader(new ConfigurationPaths(folder, folder + "nginx.conf"), files, files), "");
        Served.Check(configuration);
        return configuration;
    }

    private static int FreePort()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
