using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.SideBySide.Nginx;

/// <summary>A configuration that is loaded anew each second while clients ask at a rate, over connections that they keep.</summary>
internal static class Reloads
{
    private const int Clients = 16;
    private const int RequestsPerSecond = 10_000;

    /// <summary>What is to be known of its rows.</summary>
    public static string Text { get; } = $"{Clients} clients ask {RequestsPerSecond:N0} times a second over connections that they keep; "
        + "memory is the resident set under load.";

    /// <summary>Runs it; sees what clients saw, and memory.</summary>
    public static void See(Section section, EdgeServer server, int seconds)
    {
        var (requests, failed, closed) = (0L, 0L, 0L);
        var clock = Stopwatch.StartNew();
        var request = "GET /return HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray();
        var threads = Enumerable.Range(0, Clients).Select(_ => new Thread(() =>
        {
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            socket.Connect("127.0.0.1", server.Port);
            var buffer = new byte[8192];
            var mine = 0L;
            while (clock.Elapsed.TotalSeconds < seconds)
            {
                var due = mine * Clients / (double)RequestsPerSecond;
                if (clock.Elapsed.TotalSeconds < due)
                {
                    // Its next request is not due yet.
                    Thread.Sleep(1);
                    continue;
                }
                mine++;
                try
                {
                    socket.Send(request);
                    var got = 0;
                    while (got < 1024 || !Encoding.ASCII.GetString(buffer, 0, got).EndsWith('x'))
                    {
                        var read = socket.Receive(buffer, got, buffer.Length - got, SocketFlags.None);
                        if (read == 0)
                        {
                            Interlocked.Increment(ref closed);
                            return;
                        }
                        got += read;
                    }
                    Interlocked.Increment(ref requests);
                    if (!buffer.AsSpan().StartsWith("HTTP/1.1 200"u8))
                        Interlocked.Increment(ref failed);
                }
                catch (SocketException)
                {
                    Interlocked.Increment(ref failed);
                    return;
                }
            }
        })).ToList();
        threads.ForEach(t => t.Start());
        // Memory is compared with that of a server under load.
        Thread.Sleep(3000);
        var (before, half) = (server.ResidentBytes, 0L);
        while (clock.Elapsed.TotalSeconds < seconds - 1)
        {
            server.Reload();
            if (clock.Elapsed.TotalSeconds < seconds / 2)
                half = server.ResidentBytes;
            // One reload a second is what is measured.
            Thread.Sleep(1000);
        }
        var after = server.ResidentBytes;
        threads.ForEach(t => t.Join());
        section.Failed += failed;
        See("requests", requests);
        See("failed", failed);
        See("connections closed", closed);
        See("RSS before, MiB", before / 1048576.0);
        See("RSS in the middle, MiB", half / 1048576.0);
        See("RSS after, MiB", after / 1048576.0);

        void See(string figure, double value) => section.Figures.See(server.Name, $"a reload each second for {seconds} s", figure, value);
    }
}
