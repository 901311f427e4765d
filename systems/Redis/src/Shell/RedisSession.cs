using Microcosm.Runtime;

namespace Microcosm.Redis;

/// <summary>One connection: reads requests, hands them to the dispatcher, and closes on protocol errors as Redis does.</summary>
internal sealed class RedisSession(RedisServer server, RedisClient client, SessionTransport transport) : Session
{
    private readonly RespReader _reader = new();
    private int _leftOver;

    public override int Receive(ReadOnlySpan<byte> input)
    {
        server.FreezeTime();
        server.Stats.NetInputBytes += input.Length - _leftOver;
        client.LastInteractionMs = server.NowMs;
        if (server.Exit.IsUnderWay)
        {
            transport.PauseInput();
            _leftOver = input.Length;
            return 0;
        }
        if (input.Length > server.Options.ClientQueryBufferLimit)
        {
            transport.Abort();
            return input.Length;
        }
        var taken = 0;
        while (client.Blocked is null && client.HeldUntilMs == 0 && !client.CloseAfterReply && !transport.IsClosed)
        {
            _reader.IsUnauthenticated = !client.IsAuthenticated;
            _reader.BulkBytesMax = server.Options.ProtoMaxBulkLen;
            var found = _reader.Read(input[taken..], out var length);
            if (found == RespParse.NeedMore)
                break;
            if (found == RespParse.Fault)
            {
                client.Reply.Error("ERR Protocol error: " + _reader.Error);
                client.CloseAfterReply = true;
                taken = input.Length;
                break;
            }
            var bytes = _reader.Decoded ?? input.Slice(taken, length);
            if (found == RespParse.Command && IsHttp(bytes.Slice(_reader.Slices[0].Start, _reader.Slices[0].Length)))
            {
                // What a browser was tricked into sending: nothing of this turn is answered.
                client.EndAt(transport.Released);
                taken = input.Length;
                break;
            }
            if (found == RespParse.Command)
                server.Dispatcher.Process(client, bytes, _reader.Slices);
            taken += length;
        }
        if (client.Blocked is not null)
            transport.PauseInput();
        server.Touch(client);
        _leftOver = input.Length - taken;
        return taken;
    }

    public override void InputEnded(SessionTransport ended)
    {
        // Replies to what came before are still owed; they leave when the turn ends.
        client.CloseAfterReply = true;
        server.FreezeTime();
        server.Touch(client);
    }

    public override void Closed(Exception? error) => server.Disconnected(client);

    private static bool IsHttp(ReadOnlySpan<byte> name) =>
        Ascii.EqualsIgnoreCase(name, "POST"u8) || Ascii.EqualsIgnoreCase(name, "HOST:"u8);
}
