using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Microcosm.Cli.Tests;

/// <summary>
/// A client that writes in pipelines until its server dies, and afterwards knows what must be there: everything that was acknowledged, and
/// nothing that was never sent. Each client has keys of its own.
/// </summary>
internal sealed class DurableClient(int id, Random random)
{
    private const int SlotCount = 16;

    private readonly Progress _counter = new();
    private readonly Progress _list = new();
    private readonly Progress _pair = new();
    private readonly Progress[] _slots = [.. Enumerable.Range(0, SlotCount).Select(_ => new Progress())];

    /// <summary>Writes acknowledged so far.</summary>
    public long Acknowledged { get; private set; }

    /// <summary>How the last connection ended.</summary>
    public string End { get; private set; } = "";

    /// <summary>Writes until the connection breaks; <paramref name="onAcknowledged"/> hears how many writes each batch made.</summary>
    public async Task WriteAsync(IPEndPoint server, Action<int> onAcknowledged)
    {
        using var client = new TcpClient { NoDelay = true };
        try
        {
            await client.ConnectAsync(server);
            using var replies = new StreamReader(client.GetStream(), Encoding.ASCII);
            while (true)
                onAcknowledged(await BatchAsync(client, replies));
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // The server was killed, which is what this is about.
            End = e.Message;
        }
    }

    /// <summary>Compares what the server has with what it promised; then begins anew from what it has.</summary>
    public async Task CheckAsync(RedisLine line)
    {
        _counter.Check($"counter n:{id}", Number(await BulkAsync(line, $"GET n:{id}")));
        var (first, second) = (Number(await BulkAsync(line, $"GET a:{id}")), Number(await BulkAsync(line, $"GET b:{id}")));
        Assert.True(first == second, $"half a transaction: a:{id} is {first}, b:{id} is {second}");
        _pair.Check($"transactions a:{id}", first);
        for (var slot = 0; slot < SlotCount; slot++)
            _slots[slot].Check($"key s:{id}:{slot}", Number(await BulkAsync(line, $"GET s:{id}:{slot}")));
        var length = Number((await line.AskAsync($"LRANGE l:{id} 0 -1"))![1..]);
        for (var i = 1; i <= length; i++)
        {
            await line.ReadAsync();
            Assert.Equal(i, Number(await line.ReadAsync()));
        }
        _list.Check($"list l:{id}", length);
        Assert.StartsWith(":", await line.AskAsync($"DEL l:{id}"), StringComparison.Ordinal);
        _list.Clear();
    }

    private async Task<int> BatchAsync(TcpClient client, StreamReader replies)
    {
        var text = new StringBuilder();
        var answers = new List<(Progress? Progress, long Value, int Lines)>();
        for (var i = random.Next(1, 17); i > 0; i--)
            answers.Add(Add(text));
        await client.Client.SendAsync(Encoding.ASCII.GetBytes(text.ToString()));
        foreach (var (progress, value, lines) in answers)
        {
            for (var i = 0; i < lines; i++)
            {
                var reply = await replies.ReadLineAsync() ?? throw new IOException("closed");
                Assert.False(progress is not null && reply[0] == '-', reply);
            }
            progress?.Acknowledge(value);
        }
        Acknowledged += answers.Count;
        return answers.Count;
    }

    // Returns what it writes, its value, and the lines of its reply.
    private (Progress? Progress, long Value, int Lines) Add(StringBuilder text)
    {
        switch (random.Next(100))
        {
            case < 25:
                text.Append(CultureInfo.InvariantCulture, $"INCR n:{id}\r\n");
                return (_counter, _counter.Send(), 1);
            case < 50:
                var element = _list.Send();
                text.Append(CultureInfo.InvariantCulture, $"RPUSH l:{id} {element}\r\n");
                return (_list, element, 1);
            case < 75:
                var slot = random.Next(SlotCount);
                var value = _slots[slot].Send();
                text.Append(CultureInfo.InvariantCulture, $"SET s:{id}:{slot} {value}\r\n");
                return (_slots[slot], value, 1);
            case < 98:
                text.Append(CultureInfo.InvariantCulture, $"MULTI\r\nINCR a:{id}\r\nINCR b:{id}\r\nEXEC\r\n");
                return (_pair, _pair.Send(), 6);
            default:
                text.Append("BGREWRITEAOF\r\n");
                return (null, 0, 1);
        }
    }

    private static async Task<string?> BulkAsync(RedisLine line, string command) =>
        await line.AskAsync(command) == "$-1" ? null : await line.ReadAsync();

    private static long Number(string? text) => text is null ? 0 : long.Parse(text, CultureInfo.InvariantCulture);

    // Values go up by one with each write: what is there must lie between the last acknowledged and the last sent.
    private sealed class Progress
    {
        private long _sent;
        private long _acknowledged;

        public long Send() => ++_sent;

        public void Acknowledge(long value) => _acknowledged = value;

        public void Clear() => _sent = _acknowledged = 0;

        public void Check(string what, long found)
        {
            Assert.True(found >= _acknowledged, $"{what}: {_acknowledged} was acknowledged, {found} is there");
            Assert.True(found <= _sent, $"{what}: {_sent} was sent, {found} is there");
            _sent = _acknowledged = found;
        }
    }
}
