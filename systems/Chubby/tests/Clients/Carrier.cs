namespace Microcosm.Chubby.Tests;

/// <summary>What carries connections.</summary>
public enum Carrier
{
    Loop,
    Kestrel,
    Memory,
}
