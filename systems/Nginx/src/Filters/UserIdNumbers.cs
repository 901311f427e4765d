namespace Microcosm.Nginx;

/// <summary>What makes the numbers of <c>userid</c> unlike others of the same second: of one worker.</summary>
/// <param name="start">Another one for each worker.</param>
internal sealed class UserIdNumbers(uint start)
{
    private const uint FirstOfV2 = 0x03030302;
    private const uint Step = 0x100;

    private uint _v1 = 1;
    private uint _v2 = FirstOfV2;

    public uint Start { get; } = start;

    public uint NextOfV1() => (_v1 += Step) - Step;

    public uint NextOfV2()
    {
        var next = _v2;
        _v2 += Step;
        // It has gone round.
        if (_v2 < FirstOfV2)
            _v2 = FirstOfV2;
        return next;
    }
}
