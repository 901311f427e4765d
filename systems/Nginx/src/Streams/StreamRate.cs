using Microcosm.Runtime;

namespace Microcosm.Nginx;

/// <summary>How fast one side of a session may send (proxy_download_rate, proxy_upload_rate).</summary>
/// <param name="resume">Takes on what the side sent.</param>
internal sealed class StreamRate(Deadlines deadlines, long bytesPerSecond, Action resume) : Deadline
{
    private readonly long _beganMs = deadlines.NowMs;
    private long _passed;

    /// <summary>It waits: nothing is taken.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>So many of the bytes that came may pass; after them the side waits.</summary>
    public int Take(int count)
    {
        if (bytesPerSecond <= 0)
            return count;
        if (IsHeld)
            return 0;
        var left = bytesPerSecond * ((deadlines.NowMs - _beganMs) / 1000 + 1) - _passed;
        if (left <= 0)
        {
            Hold(-left * 1000 / bytesPerSecond + 1);
            return 0;
        }
        count = (int)Math.Min(count, left);
        _passed += count;
        Hold(count * 1000L / bytesPerSecond);
        return count;
    }

    public void Remove() => deadlines.Remove(this);

    protected override void Expired()
    {
        IsHeld = false;
        resume();
    }

    private void Hold(long ms)
    {
        if (ms <= 0)
            return;
        IsHeld = true;
        deadlines.Set(this, ms);
    }
}
