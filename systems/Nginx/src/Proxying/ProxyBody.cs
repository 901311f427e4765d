using Microcosm.Http;

namespace Microcosm.Nginx;

/// <summary>
/// The body of an upstream's response on its way to the client. While the client is slow it waits in a temporary file, so that the server
/// is free early; a body that is not buffered, or is larger than the file may be, waits in the server (ngx_event_pipe).
/// </summary>
internal sealed class ProxyBody
{
    private const int StepBytes = 1 << 20;

    private readonly HttpRequest _request;
    private readonly UpstreamExchange _upstream;
    private readonly ResponseWriter? _writer;
    private Sending? _sending;
    private readonly bool _isBuffered;
    private readonly long _fileBytesMax;
    private readonly TempPath _folder;
    private readonly UpstreamPace? _pace;
    private TempFile? _file;
    private HeaderList? _trailers;
    private long _fileSent;
    private bool _isPaused;
    private bool _isPaced;
    private bool _isWhole;
    private bool _isBroken;
    private bool _isClosed;

    /// <param name="sending">To the client; null where that wants nothing of it.</param>
    /// <param name="writer">Keeps it besides; null for none.</param>
    public ProxyBody(HttpRequest request, UpstreamExchange upstream, Sending? sending, ProxySettings settings, ResponseWriter? writer)
    {
        (_request, _upstream, _sending, _writer) = (request, upstream, sending, writer);
        if (writer is not null)
            (_file, _fileSent) = (writer.File, writer.BodyStart);
        (_isBuffered, _fileBytesMax, _folder) = (settings.Buffers(upstream.ResponseHeaders), settings.FileBytesMax, settings.TempFolder);
        if (sending is not null)
            sending.Drained = Drained;
        _pace = UpstreamPace.TryBegin(request, settings, upstream, GoOn);
    }

    /// <summary>A piece of it.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_isClosed)
            return;
        if (_writer is not null)
            WriteKept(bytes);
        else
            WritePassing(bytes);
        if (_pace?.Waits(bytes.Length) != true)
            return;
        _isPaced = true;
        _upstream.PauseBody();
    }

    /// <summary>The client has gone; what is kept is still fetched.</summary>
    public void Detach() => _sending = null;

    /// <summary>It is whole.</summary>
    public void End(HeaderList? trailers)
    {
        (_isWhole, _trailers) = (true, trailers);
        Keep();
        Finish();
    }

    /// <summary>It will not be whole: the client gets what there is, and sees that it is not all.</summary>
    public void Break()
    {
        _isBroken = true;
        _writer?.Drop();
        Finish();
    }

    /// <summary>Nobody wants it.</summary>
    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _pace?.Stop();
        _writer?.Drop();
        _file?.Close();
    }

    private bool HasFile => _file is not null && _fileSent < _file.Length;

    private void Drained()
    {
        if (_isClosed)
            return;
        while (HasFile && _sending is { IsBacklogged: false })
        {
            var count = Math.Min(StepBytes, _file!.Length - _fileSent);
            var offset = _fileSent;
            _fileSent += count;
            _sending.WriteFile(_file.File.Use(), offset, count);
            if (_isClosed)
                return;
        }
        if (HasFile || _sending is not { IsBacklogged: false })
            return;
        Resume();
        Finish();
    }

    private void Finish()
    {
        if (_isClosed)
            return;
        if (_sending is not { } sending)
        {
            if (_isWhole || _isBroken)
                Close();
            return;
        }
        if (HasFile)
            return;
        if (_isWhole)
            sending.End(_trailers);
        else if (_isBroken && !sending.IsBacklogged)
            sending.Abort();
    }

    // While the client keeps up it gets the bytes at once, else from the file, which a server may wait for.
    private void WritePassing(ReadOnlySpan<byte> bytes)
    {
        var sending = _sending!;
        if (!HasFile && !sending.IsBacklogged)
        {
            sending.Write(bytes);
            if (!_isBuffered)
                sending.Flush();
        }
        else if (_isBuffered && _fileBytesMax > 0 && TryAppend(bytes))
        {
            if (_file!.Length >= _fileBytesMax)
                Pause();
        }
        else
        {
            sending.Write(bytes);
        }
        if (sending.IsBacklogged && !(_isBuffered && _fileBytesMax > 0))
            Pause();
    }

    // All of it goes into the file; the client gets it at once, or from there.
    private void WriteKept(ReadOnlySpan<byte> bytes)
    {
        var keepsUp = !HasFile && _sending is { IsBacklogged: false };
        if (!TryAppend(bytes))
        {
            _writer!.Drop();
            if (_sending is null)
                return;
            _sending.Write(bytes);
            Pause();
            return;
        }
        if (!keepsUp)
            return;
        _fileSent += bytes.Length;
        _sending!.Write(bytes);
    }

    private void Keep()
    {
        if (_writer is null)
            return;
        try
        {
            _writer.Keep();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log(LogLevel.Crit, $"a response cannot be kept: {e.Message}");
            _writer.Drop();
        }
    }

    // Of a request that is over there is nothing to tell.
    private void Log(LogLevel level, string words)
    {
        if (_sending is not null)
            _request.LogError(level, words);
    }

    private bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (_file is null)
            {
                _file = _request.Worker.TempFiles.Create(_folder);
                Log(LogLevel.Warn,
                    $"an upstream response is buffered to a temporary file {_file.Path} while reading upstream");
                _file.Unlink();
            }
            _file.Append(bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log(LogLevel.Crit, $"an upstream response cannot be buffered to a temporary file: {e.Message}");
            return false;
        }
    }

    private void Pause()
    {
        if (_isPaused)
            return;
        _isPaused = true;
        _upstream.PauseBody();
    }

    private void Resume()
    {
        if (!_isPaused)
            return;
        _isPaused = false;
        LeaveFull();
        if (!_isPaced)
            _upstream.ResumeBody();
    }

    // What a full file had is with the client's connection, which holds it as long as it reads: what comes next has a new one.
    private void LeaveFull()
    {
        if (_writer is not null || _file is null || _file.Length < _fileBytesMax)
            return;
        _file.Close();
        (_file, _fileSent) = (null, 0);
    }

    // The time that the last piece was worth is over.
    private void GoOn()
    {
        _isPaced = false;
        if (!_isPaused && !_isClosed)
            _upstream.ResumeBody();
    }
}
