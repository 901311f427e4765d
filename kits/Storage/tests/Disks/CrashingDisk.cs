using Microcosm.Runtime;

namespace Microcosm.Storage.Tests;

/// <summary>
/// A disk at whose step number <c>at</c> the power fails: before the step is carried out, or after it and before anybody is told.
/// From then on nothing works. The test lets the memory disk below crash.
/// </summary>
internal sealed class CrashingDisk
{
    private readonly int _at;
    private readonly bool _isAfter;

    public CrashingDisk(IDisk disk, int at, bool isAfter)
    {
        (_at, _isAfter) = (at, isAfter);
        Disk = new HookedDisk(disk, StepAsync);
    }

    public IDisk Disk { get; }

    /// <summary>Steps begun.</summary>
    public int Steps { get; private set; }

    public bool IsDown { get; private set; }

    /// <summary>What the power failed at.</summary>
    public string LastStep { get; private set; } = "";

    private async ValueTask StepAsync(string what, Func<ValueTask> doIt)
    {
        if (IsDown)
            throw new IOException("the power is off");
        LastStep = what;
        if (++Steps != _at)
        {
            await doIt();
            return;
        }
        if (_isAfter)
            await doIt();
        IsDown = true;
        throw new IOException("the power fails");
    }
}
