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

    private long Left => bytesPerSecond * ((deadlines.NowMs - _beganMs) / 1000 + 1) - _passed;

    /// <summary>So many of the bytes that came may pass; after them the side waits.</summary>
    public int Take(int count)
    {
        if (bytesPerSecond <= 0)
            return count;
        if (!HasLeft())
            return 0;
        count = (int)Math.Min(count, Left);
        _passed += count;
        Hold(count * 1000L / bytesPerSecond);
        return count;
    }

    /// <summary>The same of something that is not split. False where it may not pass, and the side waits.</summary>
    public bool TryTake(int count)
    {
        if (bytesPerSecond <= 0)
            return true;
        if (IsHeld || !HasLeft())
            return false;
        _passed += count;
        Hold(count * 1000L / bytesPerSecond);
        return true;
    }

    /// <summary>So much has passed already.</summary>
    public void Count(int count) => _passed += count;

    /// <summary>False where nothing may pass now, and the side waits.</summary>
    public bool HasLeft()
    {
        if (bytesPerSecond > 0 && !IsHeld && Left is <= 0 and var left)
            Hold(-left * 1000 / bytesPerSecond + 1);
        return !IsHeld;
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
