using System.Globalization;
using System.Text;

namespace Microcosm.Redis;

/// <summary>Clients under MONITOR: they are shown every command that runs, but those of administration and what the log replays.</summary>
internal sealed class Monitors(RedisServer server)
{
    private readonly List<RedisClient> _clients = [];

    /// <summary>True while somebody watches.</summary>
    public bool Any => _clients.Count > 0;

    public void Add(RedisClient client)
    {
        client.IsMonitor = true;
        _clients.Add(client);
    }

    public void Remove(RedisClient client)
    {
        client.IsMonitor = false;
        _clients.Remove(client);
    }

    /// <summary>Shows a command that has run. Those of a transaction come before its EXEC, as they do in Redis.</summary>
    public void Show(ref RedisCall call)
    {
        var declared = call.Operation.Declaration;
        if (call.Client.Transport is not { } transport || call.IsReexecution
            || (declared.Flags & (RedisCommandFlags.SkipMonitor | RedisCommandFlags.Admin)) != 0)
            return;
        var now = server.ReadClockMs();
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture,
            $"{now / 1000}.{now % 1000:D3}000 [{call.Db.Index} {ClientCommand.Address(transport.Remote)}]");
        var secretsFrom = declared.Name == "AUTH" ? 1 : int.MaxValue;
        for (var i = 0; i < call.Count; i++)
        {
            line.Append(' ');
            if (i >= secretsFrom && i < secretsFrom + 2)
                line.Append("\"(redacted)\"");
            else
                Quote(line, call[i]);
            if (declared.Name == "HELLO" && i > 1 && call.Is(i, "AUTH"u8))
                secretsFrom = i + 1;
        }
        var text = line.ToString();
        foreach (var client in _clients)
        {
            client.Reply.Simple(text);
            server.Touch(client);
        }
    }

    private static void Quote(StringBuilder line, ReadOnlySpan<byte> bytes)
    {
        line.Append('"');
        foreach (var b in bytes)
        {
            _ = b switch
            {
                (byte)'"' or (byte)'\\' => line.Append('\\').Append((char)b),
                (byte)'\n' => line.Append("\\n"),
                (byte)'\r' => line.Append("\\r"),
                (byte)'\t' => line.Append("\\t"),
                (byte)'\a' => line.Append("\\a"),
                (byte)'\b' => line.Append("\\b"),
                >= 0x20 and < 0x7f => line.Append((char)b),
                _ => line.Append(CultureInfo.InvariantCulture, $"\\x{b:x2}"),
            };
        }
        line.Append('"');
    }
}
