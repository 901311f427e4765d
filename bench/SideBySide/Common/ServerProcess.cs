using System.Diagnostics;

namespace Microcosm.SideBySide;

/// <summary>A process that we started and that we end, by its own id.</summary>
internal sealed class ServerProcess : IDisposable
{
    private const int LinesKept = 5;

    private readonly Process _process;
    private readonly TaskCompletionSource<string?> _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Queue<string> _last = new();

    public ServerProcess(string folder, IReadOnlyList<string> line)
    {
        var start = new ProcessStartInfo(line[0], line.Skip(1))
            { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => _first.TrySetResult(Keep(e.Data));
        _process.ErrorDataReceived += (_, e) => Keep(e.Data);
        _process.Start();
        Id = _process.Id;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public int Id { get; }

    public bool HasEnded => _process.HasExited;

    /// <summary>The first line that it prints; null where it ends without.</summary>
    public Task<string?> FirstLine => _first.Task;

    /// <summary>What it said last, for those who look why it does not do what it should.</summary>
    public string LastLines
    {
        get
        {
            lock (_last)
                return string.Join(" / ", _last);
        }
    }

    /// <summary>Ends it without a warning, at once; on return it is dead.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Ends it and all that it has started.</summary>
    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
    }

    private string? Keep(string? line)
    {
        if (line is null)
            return null;
        lock (_last)
        {
            _last.Enqueue(line);
            if (_last.Count > LinesKept)
                _last.Dequeue();
        }
        return line;
    }
}
