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
    private readonly Sending _sending;
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

    public ProxyBody(HttpRequest request, UpstreamExchange upstream, Sending sending, ProxySettings settings)
    {
        (_request, _upstream, _sending) = (request, upstream, sending);
        (_isBuffered, _fileBytesMax, _folder) = (settings.Buffers(upstream.ResponseHeaders), settings.FileBytesMax, settings.TempFolder);
        sending.Drained = Drained;
        _pace = UpstreamPace.TryBegin(request, upstream, GoOn);
    }

    /// <summary>A piece of it.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (_isClosed)
            return;
        if (!HasFile && !_sending.IsBacklogged)
        {
            _sending.Write(bytes);
            if (!_isBuffered)
                _sending.Flush();
        }
        else if (_isBuffered && _fileBytesMax > 0 && TryAppend(bytes))
        {
            if (_file!.Length >= _fileBytesMax)
                Pause();
        }
        else
        {
            _sending.Write(bytes);
        }
        if (_sending.IsBacklogged && !(_isBuffered && _fileBytesMax > 0))
            Pause();
        if (_pace?.Waits(bytes.Length) != true)
            return;
        _isPaced = true;
        _upstream.PauseBody();
    }

    /// <summary>It is whole.</summary>
    public void End(HeaderList? trailers)
    {
        (_isWhole, _trailers) = (true, trailers);
        Finish();
    }

    /// <summary>It will not be whole: the client gets what there is, and sees that it is not all.</summary>
    public void Break()
    {
        _isBroken = true;
        Finish();
    }

    /// <summary>Nobody wants it.</summary>
    public void Close()
    {
        if (_isClosed)
            return;
        _isClosed = true;
        _pace?.Stop();
        _file?.Close();
    }

    private bool HasFile => _file is not null && _fileSent < _file.Length;

    private void Drained()
    {
        if (_isClosed)
            return;
        while (HasFile && !_sending.IsBacklogged)
        {
            var count = Math.Min(StepBytes, _file!.Length - _fileSent);
            var offset = _fileSent;
            _fileSent += count;
            _sending.WriteFile(_file.File.Use(), offset, count);
            if (_isClosed)
                return;
        }
        if (HasFile || _sending.IsBacklogged)
            return;
        Resume();
        Finish();
    }

    private void Finish()
    {
        if (_isClosed || HasFile)
            return;
        if (_isWhole)
        {
            _sending.End(_trailers);
        }
        else if (_isBroken && !_sending.IsBacklogged)
        {
            _sending.Abort();
        }
    }

    private bool TryAppend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (_file is null)
            {
                _file = _request.Worker.TempFiles.Create(_folder);
                _request.LogError(LogLevel.Warn,
                    $"an upstream response is buffered to a temporary file {_file.Path} while reading upstream");
                _file.Unlink();
            }
            _file.Append(bytes);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _request.LogError(LogLevel.Crit, $"an upstream response cannot be buffered to a temporary file: {e.Message}");
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

    // What the file had is with the client's connection; it cannot be begun anew while that reads it.
    private void Resume()
    {
        if (!_isPaused)
            return;
        _isPaused = false;
        if (!_isPaced)
            _upstream.ResumeBody();
    }

    // The time that the last piece was worth is over.
    private void GoOn()
    {
        _isPaced = false;
        if (!_isPaused && !_isClosed)
            _upstream.ResumeBody();
    }
}
