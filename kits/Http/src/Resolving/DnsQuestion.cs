using System.Buffers.Binary;
using System.Net;
using Microcosm.Runtime;

namespace Microcosm.Http;

/// <summary>
/// One question to one name server: by a datagram of a port of its own, by a connection where the answer is too long for that or the
/// network has no datagrams. What does not fit the question is not looked at. It says nothing where no answer comes. On the worker's
/// executor.
/// </summary>
internal sealed class DnsQuestion : Session, IDatagramHandler, IConnectHandler
{
    private readonly HttpWorker _worker;
    private readonly IPEndPoint _server;
    private readonly byte[] _message;
    private readonly ushort _id;
    private readonly string _name;
    private readonly DnsType _type;
    private readonly Action<DnsResponse> _answered;
    private IDatagrams? _datagrams;
    private IPendingConnect? _connecting;
    private SessionTransport? _transport;
    private bool _isOver;

    private DnsQuestion(
        HttpWorker worker, IPEndPoint server, byte[] message, ushort id, string name, DnsType type, Action<DnsResponse> answered)
    {
        (_worker, _server, _message, _id, _name, _type, _answered) = (worker, server, message, id, name, type, answered);
    }

    /// <summary>Asks; the answer is never told inside this call. Null for what is no name.</summary>
    public static DnsQuestion? TryAsk(
        HttpWorker worker, IPEndPoint server, ushort id, string name, DnsType type, Action<DnsResponse> answered)
    {
        if (DnsMessage.TryQuestion(id, name, type) is not { } message)
            return null;
        var question = new DnsQuestion(worker, server, message, id, name, type, answered);
        question._datagrams = worker.OpenDatagrams(server, ConnectOptions.Default, question, out _);
        if (question._datagrams is { } datagrams)
            datagrams.Send(message);
        else
            question._connecting = worker.Connect(server, new ConnectOptions(), question);
        return question;
    }

    /// <summary>Nothing is told any more.</summary>
    public void End()
    {
        if (_isOver)
            return;
        _isOver = true;
        _datagrams?.Close();
        _connecting?.Cancel();
        _transport?.Close();
    }

    public void Received(ReadOnlySpan<byte> message)
    {
        if (_isOver || !DnsMessage.TryParse(message, out var response) || !Fits(response))
            return;
        if (!response.IsTruncated)
        {
            Answer(response);
            return;
        }
        _datagrams!.Close();
        _connecting = _worker.Connect(_server, new ConnectOptions(), this);
    }

    public Session? Connected(SessionTransport transport)
    {
        _connecting = null;
        if (_isOver)
            return null;
        _transport = transport;
        Span<byte> length = stackalloc byte[2];
        BinaryPrimitives.WriteUInt16BigEndian(length, (ushort)_message.Length);
        transport.Output.Write(length);
        transport.Output.Write(_message);
        transport.ReleaseAll();
        return this;
    }

    public void Failed(ConnectFailedException error) => _connecting = null;

    public override int Receive(ReadOnlySpan<byte> input)
    {
        if (_isOver)
            return input.Length;
        if (input.Length < 2)
            return 0;
        var length = BinaryPrimitives.ReadUInt16BigEndian(input);
        if (input.Length < 2 + length)
            return 0;
        if (DnsMessage.TryParse(input.Slice(2, length), out var response) && Fits(response) && !response.IsTruncated)
            Answer(response);
        return 2 + length;
    }

    public override void Closed(Exception? error) => _transport = null;

    private bool Fits(DnsResponse response) =>
        response.Id == _id && response.Type == _type && response.Name == _name;

    private void Answer(DnsResponse response)
    {
        End();
        _answered(response);
    }
}
