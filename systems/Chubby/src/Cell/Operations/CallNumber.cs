namespace Microcosm.Chubby.Cell;

/// <summary>Numbers of calls in frames.</summary>
internal static class CallNumber
{
    public const int OpenSession = 1;
    public const int CloseSession = 2;
    public const int KeepAlive = 3;
    public const int Open = 4;
    public const int Create = 5;
    public const int Close = 6;
    public const int Acquire = 7;
    public const int TryAcquire = 8;
    public const int Release = 9;
    public const int GetSequencer = 10;
    public const int SetSequencer = 11;
    public const int CheckSequencer = 12;
    public const int GetContentsAndStat = 13;
    public const int GetStat = 14;
    public const int ReadDir = 15;
    public const int SetContents = 16;
    public const int SetAcl = 17;
    public const int Delete = 18;
}
