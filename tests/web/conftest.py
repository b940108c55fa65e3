import pytest_asyncio

from tests.web.scenes import open_house


@pytest_asyncio.fixture
async def house(tmp_path):
    async with open_house(tmp_path) as house:
        yield house
