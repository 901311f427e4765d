using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>The real nginx, where it is installed: what it answers is the norm.</summary>
internal sealed class PeerNginx : IDisposable
{
    private const string Program = "/usr/sbin/nginx";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;
    private readonly string _folder;

    private PeerNginx(Process process, string folder, int port) => (_process, _folder, Port) = (process, folder, port);

    public int Port { get; }

    /// <summary>Null where it is not installed.</summary>
    /// <param name="directives">Of the <c>server</c> block, with PORT where its port is to stand.</param>
    public static async Task<PeerNginx?> TryStartAsync(string directives)
    {
        if (!File.Exists(Program))
            return null;
        var folder = Directory.CreateTempSubdirectory("nginx-peer-").FullName + "/";
        var port = ScriptedServer.FreePort();
        await File.WriteAllTextAsync(folder + "nginx.conf",
            $"daemon off; master_process off; pid {folder}pid; error_log {folder}error.log; events {{ }} http {{ access_log off; "
            + $"client_body_temp_path {folder}a; proxy_temp_path {folder}b; fastcgi_temp_path {folder}c; uwsgi_temp_path {folder}d; "
            + $"scgi_temp_path {folder}e; server {{ listen 127.0.0.1:{port}; {directives.Replace("PORT", $"{port}")} }} }}");
        var process = Process.Start(new ProcessStartInfo(Program, ["-p", folder, "-c", folder + "nginx.conf", "-e", folder + "error.log"])
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var peer = new PeerNginx(process, folder, port);
        var begun = Stopwatch.StartNew();
        while (!await peer.ListensAsync())
        {
            Assert.False(process.HasExited, "nginx ended");
            Assert.True(begun.Elapsed < Patience, "nginx does not listen");
            await Task.Yield();
        }
        return peer;
    }

    /// <summary>What comes back for these bytes until the end.</summary>
    public async Task<string> AskAsync(string request)
    {
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, Port);
        await client.SendAsync(Encoding.Latin1.GetBytes(request));
        return await RunningNginx.ReadAsync(client, int.MaxValue);
    }

    public void Dispose()
    {
        if (!_process.HasExited)
            _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> ListensAsync()
    {
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
