using System.Buffers;

namespace Microcosm.Nginx;

/// <summary>
/// <c>ssi</c>: carries out the commands in a body (nginx: ngx_http_ssi_filter). While a command waits for a subrequest what follows is
/// held.
/// </summary>
internal sealed class SsiFilter : BodyFilter
{
    private readonly HttpRequest _request;
    private readonly Sending _sending;
    private readonly SsiParser _parser;
    private readonly SsiCommands _commands;
    private readonly SsiOutput _output;
    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly Queue<byte[]> _held = new();
    private byte[] _rest = [];
    private object? _awaited;
    private bool _isEnded;
    private bool _isOver;

    private SsiFilter(HttpRequest request, Sending sending)
    {
        (_request, _sending) = (request, sending);
        _parser = new SsiParser(request.Level.Get(SsiModule.ValueLength), why => request.LogError(LogLevel.Error, why));
        _commands = new SsiCommands(request, this);
        _output = new SsiOutput(this);
    }

    public override bool IsBacklogged => _awaited is not null || _output.IsFull || Next.IsBacklogged;

    public static SsiFilter? TryBegin(HttpRequest request, Sending sending)
    {
        var (response, level) = (request.Response, request.Level);
        if (!level.Get(SsiModule.Ssi) || response.ContentLength == 0 || !ContentTypes.IsOneOf(response, level.Get(SsiModule.SsiTypes)))
            return null;
        response.BecomesAnother();
        if (request.Parent is not null)
            return new SsiFilter(request, sending);
        if (level.Get(SsiModule.SsiLastModified))
            response.WeakenETag();
        else
            response.ForgetVersion();
        // What is included may still break the response off.
        sending.HoldsHead = true;
        return new SsiFilter(request, sending);
    }

    public override void Write(ReadOnlySpan<byte> bytes)
    {
        if (_awaited is not null)
            _held.Enqueue(bytes.ToArray());
        else
            Read(bytes);
    }

    public override void Flush()
    {
        if (_output.IsEmpty)
            Next.Flush();
    }

    public override void End()
    {
        _isEnded = true;
        Finish();
    }

    public override void Resume()
    {
        Next.Resume();
        if (!Next.IsBacklogged)
            _output.Drained();
    }

    public override void Release()
    {
        (_isOver, _rest) = (true, []);
        _output.Cancel();
        (_awaited as SsiAssignment)?.Cancel();
        _held.Clear();
        Next.Release();
    }

    /// <summary>Text as a command makes it.</summary>
    public void Give(ReadOnlySpan<byte> text) => _text.Write(text);

    /// <summary>Asks for what is to stand here. False: subrequests are too deep.</summary>
    public bool TryInclude(byte[] uri, byte[] arguments, byte[]? stub, bool isAwaited)
    {
        GiveText();
        var part = new SsiPart(this, _output);
        if (Subrequests.Begin(_request, uri, arguments, part) is not { } asked)
            return false;
        asked.Ssi.Stub = stub;
        part.Take(asked);
        _output.Add(part);
        if (isAwaited)
            _awaited = part;
        return true;
    }

    /// <summary>Asks for the value of a variable, and waits for it. False: subrequests are too deep.</summary>
    public bool TryAssign(byte[] uri, byte[] arguments, string name)
    {
        var assignment = new SsiAssignment(this, _request.Ssi.Shared, name);
        if (Subrequests.Begin(_request, uri, arguments, assignment) is not { } asked)
            return false;
        assignment.Take(asked);
        _awaited = assignment;
        return true;
    }

    /// <summary>A response is whole.</summary>
    public void GoOn(object included)
    {
        if (_isOver)
            return;
        _output.Advance();
        if (_awaited == included)
        {
            _awaited = null;
            var rest = _rest;
            _rest = [];
            Read(rest);
            while (_awaited is null && _held.TryDequeue(out var bytes))
                Read(bytes);
        }
        Finish();
        _sending.Resume();
    }

    /// <summary>A response is not to be had: the whole is broken off.</summary>
    public void Fail()
    {
        if (!_isOver)
            _sending.Abort();
    }

    private void Read(ReadOnlySpan<byte> input)
    {
        while (_awaited is null && _parser.Read(ref input, out var text) is not SsiToken.None and var token)
        {
            if (token == SsiToken.Text)
                _commands.Text(text);
            else if (token == SsiToken.Error || !_commands.TryRun(_parser.Name, _parser.Parameters))
                _commands.GiveError();
        }
        _rest = input.ToArray();
        GiveText();
    }

    private void GiveText()
    {
        if (_text.WrittenCount == 0)
            return;
        _output.Write(_text.WrittenSpan);
        _text.ResetWrittenCount();
    }

    private void Finish()
    {
        if (!_isEnded || _isOver || _awaited is not null || !_output.IsEmpty)
            return;
        _isEnded = false;
        Next.End();
    }
}
