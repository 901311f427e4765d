using System.Net.Sockets;
using System.Text;

namespace Microcosm.Nginx.Tests;

/// <summary>Clients of HTTP/2 that send what costs them little: the connection ends, others are served on.</summary>
public sealed class FloodTests
{
    private const string Preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0";
    private const string Block = "\u0082\u0084\u0086\u0041\u0001h"; // GET / http h

    [Fact]
    public Task Streams_that_are_reset_as_soon_as_they_are_opened() => FloodAsync("", i =>
        Frame(1, 5, i * 2 + 1, Block) + Frame(3, 0, i * 2 + 1, "\0\0\0\u0008"));

    [Fact]
    public Task A_block_that_never_ends() => FloodAsync(Frame(1, 1, 1, Block), _ => Frame(9, 0, 1, "\0\u0001a\u0001b"));

    [Fact]
    public Task A_block_of_nothing_that_never_ends() => FloodAsync(Frame(1, 1, 1, Block), _ => Frame(9, 0, 1, ""));

    [Fact]
    public Task Settings_again_and_again() => FloodAsync("", _ => Frame(4, 0, 0, ""));

    [Fact]
    public Task Pings_again_and_again() => FloodAsync("", _ => Frame(6, 0, 0, "12345678"));

    [Fact]
    public Task Data_of_nothing() => FloodAsync(Frame(1, 4, 1, Block), _ => Frame(0, 0, 1, ""));

    [Fact]
    public Task Windows_of_one_byte() => FloodAsync("", _ => Frame(8, 0, 0, "\0\0\0\u0001"));

    [Fact]
    public Task Priorities_of_streams_that_are_not_there() => FloodAsync("", i => Frame(2, 0, i * 2 + 1, "\0\0\0\0\u0001"));

    // Sends, and reads away what comes, until the server ends the connection; it does before so much has come.
    private static async Task FloodAsync(string first, Func<int, string> frames)
    {
        const int batches = 1000;
        var batch = Encoding.Latin1.GetBytes(string.Concat(Enumerable.Range(0, 2000).Select(frames)));
        await using var nginx = await RunningNginx.StartAsync("http2 on; location / { return 200 ok; }");
        using var client = await nginx.ConnectAsync();
        var answer = new StringBuilder();
        var reading = ReadAsync(client, answer);
        var sent = 0;
        try
        {
            await client.SendAsync(Encoding.Latin1.GetBytes(Preface + first));
            for (; sent < batches && !reading.IsCompleted; sent++)
                await client.SendAsync(batch);
        }
        catch (SocketException)
        {
            // The server ended it.
        }
        Assert.InRange(sent, 0, batches - 1);
        await reading;
        Assert.EndsWith("ok", await nginx.GetAsync("/"));
    }

    private static async Task ReadAsync(Socket client, StringBuilder answer)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(120));
        var buffer = new byte[65536];
        try
        {
            while (await client.ReceiveAsync(buffer, patience.Token) is > 0 and var read)
                answer.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }
        catch (SocketException)
        {
            // Reset.
        }
    }

    private static string Frame(int type, int flags, int stream, string content) =>
        $"\0{(char)(content.Length >> 8)}{(char)(content.Length & 255)}{(char)type}{(char)flags}{(char)(stream >> 24)}"
        + $"{(char)(stream >> 16 & 255)}{(char)(stream >> 8 & 255)}{(char)(stream & 255)}{content}";
}
