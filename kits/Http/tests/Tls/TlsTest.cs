namespace Microcosm.Http.Tests;

/// <summary>Where OpenSSL is missing the tests of TLS are skipped.</summary>
public abstract class TlsTest
{
    protected TlsTest() => Assert.SkipUnless(OpenSsl.IsSupported, "needs OpenSSL 3 (Debian package libssl3)");

    private protected static byte[] Bytes(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }
}
