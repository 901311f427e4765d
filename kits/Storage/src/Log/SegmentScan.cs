using Microcosm.Runtime;

namespace Microcosm.Storage;

/// <summary>Verifies a segment from its first record to its last, and notes where they are.</summary>
internal sealed class SegmentScan(Segment segment, IDiskFile file, int indexBytes)
{
    private const int SearchBytes = 16 << 10;

    private readonly FileWindow _window = new();
    private readonly long _fileBytes = file.Length;

    /// <summary>What is wrong at the segment's end (<see cref="Segment.Length"/>); null if the file ends there.</summary>
    public string? Fault { get; private set; }

    /// <summary>Records below are known to have been synced.</summary>
    public long DurableNext { get; private set; } = segment.First;

    /// <summary>Reads on while frames are sound.</summary>
    public void Run()
    {
        segment.Forget();
        _window.Reset(file);
        while ((Fault = Step(out var isEnd)) is null && !isEnd)
        {
        }
        segment.IsIndexed = true;
    }

    /// <summary>
    /// True if a mark further on says that what should stand at the segment's end had been synced: then it is damage. Without one it is a
    /// tail that a crash tore: writes that were never synced may reach the disk in any order, so sound records behind a hole prove nothing.
    /// </summary>
    public bool IsDamage()
    {
        for (var at = segment.Length; at + Frame.MarkBytes <= _fileBytes; at += SearchBytes)
        {
            var bytes = _window.At(at, SearchBytes + Frame.MarkBytes - 1);
            for (var i = 0; i + Frame.MarkBytes <= bytes.Length; i++)
            {
                var found = bytes[(i + 4)..].IndexOf(Frame.MarkWord);
                if (found < 0 || i + found + Frame.MarkBytes > bytes.Length)
                    break;
                i += found;
                var mark = bytes.Slice(i, Frame.MarkBytes);
                if (Frame.IsSound(mark, segment.Salt, at + i, Frame.SequenceOf(mark)) && Frame.DurableNextOf(mark) > segment.Next)
                    return true;
            }
        }
        return false;
    }

    private string? Step(out bool isEnd)
    {
        var offset = segment.Length;
        isEnd = offset == _fileBytes;
        if (isEnd)
            return null;
        var header = _window.At(offset, Frame.HeaderBytes);
        if (header.Length < Frame.HeaderBytes)
            return "a record's header is cut off";
        if (!Frame.TryReadHeader(header, out var length, out var isMark))
            return "no record begins here";
        if (length > _fileBytes - offset - Frame.HeaderBytes)
            return "a record is cut off";
        var frame = _window.At(offset, Frame.HeaderBytes + length);
        if (!Frame.IsSound(frame, segment.Salt, offset, segment.Next))
            return $"record {segment.Next} has a wrong checksum";
        if (isMark)
            DurableNext = Math.Max(DurableNext, Frame.DurableNextOf(frame));
        else
            segment.Note(segment.Next++, offset, indexBytes);
        segment.Length = offset + frame.Length;
        return null;
    }
}
