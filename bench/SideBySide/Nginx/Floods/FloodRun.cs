using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.SideBySide.Nginx;

/// <summary>One attack on one server: what it holds before, at most and afterwards, and whether others are served meanwhile.</summary>
internal static class FloodRun
{
    private const int AskEachMs = 100;

    /// <summary>Sees memory, requests of a client that behaves, and the longest that one took.</summary>
    public static async Task SeeAsync(
        Figures figures, EdgeServer server, (string Name, Func<int, CancellationToken, Task> RunAsync) attack, int seconds)
    {
        var before = server.ResidentBytes;
        var peak = before;
        using var end = new CancellationTokenSource(TimeSpan.FromSeconds(seconds));
        var attacking = Task.Run(async () =>
        {
            try
            {
                await attack.RunAsync(server.Port, end.Token);
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
                // The time is over, or the server would not have it.
            }
        });
        var (asked, answered, longest) = (0, 0, 0.0);
        while (!end.IsCancellationRequested)
        {
            var clock = Stopwatch.StartNew();
            asked++;
            answered += await AskAsync(server.Port) ? 1 : 0;
            longest = Math.Max(longest, clock.Elapsed.TotalMilliseconds);
            peak = Math.Max(peak, server.ResidentBytes);
            await Task.Delay(AskEachMs);
        }
        await attacking;
        // Connections are closed, and what they held is given back.
        await Task.Delay(3000);
        See("RSS before, MiB", before / 1048576.0);
        See("the most, MiB", peak / 1048576.0);
        See("after, MiB", server.ResidentBytes / 1048576.0);
        See("answered, %", answered * 100.0 / asked);
        See("longest, ms", longest);

        void See(string figure, double value) => figures.See(server.Name, attack.Name, figure, value);
    }

    private static async Task<bool> AskAsync(int port)
    {
        try
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(5));
            using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await client.ConnectAsync("127.0.0.1", port, patience.Token);
            await client.SendAsync("GET /return HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"u8.ToArray(), patience.Token);
            var buffer = new byte[4096];
            var read = await client.ReceiveAsync(buffer, patience.Token);
            return Encoding.ASCII.GetString(buffer, 0, read).StartsWith("HTTP/1.1 200", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            return false;
        }
    }
}
